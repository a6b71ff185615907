"""A job of Presto: how late each carrier's flights were in a month. Run again, it replaces that month and nothing else."""
import pendulum
from airflow.decorators import dag
from airflow.models.param import Param
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from company.clients import beeline

CREATE = """
    CREATE TABLE IF NOT EXISTS hive.reports.carrier_delays (
      carrier varchar, flights bigint, mean_delay double, year integer, month integer
    ) WITH (format = 'PARQUET', partitioned_by = ARRAY['year', 'month'])
"""
REPLACE = [
    "DELETE FROM hive.reports.carrier_delays WHERE year = {{ params.year }} AND month = {{ params.month }}",
    """
    INSERT INTO hive.reports.carrier_delays
    SELECT carrier, count(*), avg(arr_delay), year, month
    FROM hive.company.flights
    WHERE year = {{ params.year }} AND month = {{ params.month }}
    GROUP BY carrier, year, month
    """,
]


@dag(
    schedule=None,
    start_date=pendulum.datetime(2020, 1, 1, tz="UTC"),
    params={"year": Param(2013, type="integer"), "month": Param(1, type="integer", minimum=1, maximum=12)},
    tags=["example"],
)
def presto_carrier_delays():
    # Hive makes schemas: Presto's rules let nobody.
    schema = beeline("schema", "hive/reports.sql")
    create = SQLExecuteQueryOperator(task_id="create", conn_id="presto_default", sql=CREATE)
    replace = SQLExecuteQueryOperator(task_id="replace", conn_id="presto_default", sql=REPLACE)
    schema >> create >> replace


presto_carrier_delays()
