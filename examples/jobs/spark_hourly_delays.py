"""A job of Spark: mean delay by hour of departure, from the migrated Parquet files. The program is spark/hourly_delays.py."""
import pendulum
from airflow.decorators import dag
from company.clients import JOBS, beeline, client

RESULT = "s3a://aws2ncp-hive/reports/hourly_delays"

# Object Storage has no rename: Spark's own committer would copy each file, and a job that dies meanwhile leaves a part of its
# result. Hadoop's for S3A uploads the files unseen and shows them all at the end (HDP 3, "Cloud Data Access": S3A committers).
COMMITTER = {
    "spark.hadoop.fs.s3a.committer.name": "directory",
    "spark.hadoop.fs.s3a.committer.staging.conflict-mode": "replace",
    "spark.sql.parquet.output.committer.class": "org.apache.spark.internal.io.cloud.BindingParquetOutputCommitter",
    "spark.sql.sources.commitProtocolClass": "org.apache.spark.internal.io.cloud.PathOutputCommitProtocol",
}


@dag(schedule=None, start_date=pendulum.datetime(2020, 1, 1, tz="UTC"), tags=["example"])
def spark_hourly_delays():
    compute = client(
        "compute",
        *["spark-submit", "--master", "yarn", "--deploy-mode", "cluster", "--name", "hourly_delays"],
        *["--num-executors", "1", "--conf", "spark.yarn.stagingDir=hdfs:///tmp"],
        *[word for name, value in COMMITTER.items() for word in ("--conf", f"{name}={value}")],
        *[f"{JOBS}/spark/hourly_delays.py", "s3a://aws2ncp-hive/hive/flights", RESULT],
    )
    compute >> beeline("table", "hive/hourly_delays.sql", location=RESULT)


spark_hourly_delays()
