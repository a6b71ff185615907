"""
The pipeline's own DAGs, two for each dataset of logs that has a table:

aws2ncp_DATASET waits until the log of an hour (or a day) lies in Object Storage, adds its partition, and compares the table's rows
with the objects' records.

aws2ncp_DATASET_late does the same for the folder whose lateness has just ended, with all that came late.
"""
import datetime
import logging

import pendulum
from airflow.decorators import dag, task
from airflow.sensors.python import PythonSensor
from aws2ncp_batch import config as configuration
from aws2ncp_batch import gate, tasks

logger = logging.getLogger("airflow.task")
CONFIG = configuration.load()
GATE = gate.read()


def common(log, hours):
    """
    A run for each hour or day in the zone in which the folders are named. What lies before the gate's `since` is the rebuilt
    metastore's, but for what came late; from there on, runs that a stopped scheduler missed are made up. The first folder is
    whole: the rebuild may have seen no object of it. With the gate closed there is no schedule: an hour that the scheduler began by
    what it had read before the gate was opened would be taken for the first, and those before it never made up.
    """
    start = pendulum.parse(log.start).in_timezone(log.zone)
    if GATE.since is not None:
        first = pendulum.parse(GATE.since).subtract(hours=hours).in_timezone(log.zone)
        start = max(start, first.start_of("hour" if log.hourly else "day"))
    return {
        "schedule": ("0 * * * *" if log.hourly else "0 0 * * *") if GATE.open else None,
        "start_date": start,
        "catchup": GATE.since is not None,
        # An hour that waits blocks none: objects in later folders decide on it.
        "max_active_runs": 8,
        # What is made up for leaves air to the machine, and to Presto, where others ask meanwhile.
        "max_active_tasks": 2,
        "default_args": {
            "owner": "aws2ncp",
            # An hour that has been begun is finished before the next is: logs that are made up for can be used one by one.
            "weight_rule": "upstream",
            "retries": 4,
            "retry_delay": datetime.timedelta(minutes=2),
            "retry_exponential_backoff": True,
        },
        "tags": ["aws2ncp", "logs"],
        "doc_md": __doc__,
    }


def wait_for_gate():
    return PythonSensor(
        task_id="gate",
        python_callable=tasks.gate_is_open,
        op_args=[logger],
        mode="reschedule",
        poke_interval=60,
        timeout=datetime.timedelta(days=60).total_seconds(),
    )


def arrival(log):
    @dag(dag_id=f"aws2ncp_{log.dataset}", **common(log, hours=log.lateness_hours))
    def arrived():
        wait = PythonSensor(
            task_id="wait_for_log",
            python_callable=lambda data_interval_start, data_interval_end: tasks.log_is_there(
                CONFIG, log, data_interval_start, data_interval_end, logger
            ),
            mode="reschedule",
            poke_interval=60 if log.hourly else 600,
            # It says itself when a log is missing; this is for a scheduler that stood still.
            timeout=(log.lateness + datetime.timedelta(days=2)).total_seconds(),
        )

        @task
        def register_partition(data_interval_start=None):
            tasks.register(log, configuration.folder_of(log, data_interval_start), logger)

        @task
        def check_count(data_interval_start=None):
            return tasks.check_count(CONFIG, log, configuration.folder_of(log, data_interval_start), logger)

        wait_for_gate() >> wait >> register_partition() >> check_count()

    return arrived()


def lateness(log):
    @dag(dag_id=f"aws2ncp_{log.dataset}_late", **common(log, hours=0))
    def settled():
        @task
        def settle(data_interval_start=None):
            folder = configuration.folder_of(log, data_interval_start - log.lateness)
            return tasks.settle_late(CONFIG, log, folder, logger)

        wait_for_gate() >> settle()

    return settled()


for each in CONFIG.logs:
    globals()[f"aws2ncp_{each.dataset}"] = arrival(each)
    globals()[f"aws2ncp_{each.dataset}_late"] = lateness(each)
