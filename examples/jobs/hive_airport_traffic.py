"""A job of Hive: how many flights left each airport. The script is hive/airport_traffic.sql beside this file."""
import pendulum
from airflow.decorators import dag
from company.clients import beeline


@dag(schedule=None, start_date=pendulum.datetime(2020, 1, 1, tz="UTC"), tags=["example"])
def hive_airport_traffic():
    beeline("overwrite", "hive/airport_traffic.sql", year=2013)


hive_airport_traffic()
