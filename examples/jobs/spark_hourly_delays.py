"""A job of Spark: mean delay by hour of departure, from the migrated Parquet files. The program is spark/hourly_delays.py."""
import pendulum
from airflow.decorators import dag
from company.clients import JOBS, beeline, client

RESULT = "s3a://aws2ncp-hive/reports/hourly_delays"


@dag(schedule=None, start_date=pendulum.datetime(2020, 1, 1, tz="UTC"), tags=["example"])
def spark_hourly_delays():
    compute = client(
        "compute",
        *["spark-submit", "--master", "yarn", "--deploy-mode", "cluster", "--name", "hourly_delays"],
        *["--num-executors", "1", "--conf", "spark.yarn.stagingDir=hdfs:///tmp"],
        *[f"{JOBS}/spark/hourly_delays.py", "s3a://aws2ncp-hive/hive/flights", RESULT],
    )
    compute >> beeline("table", "hive/hourly_delays.sql", location=RESULT)


spark_hourly_delays()
