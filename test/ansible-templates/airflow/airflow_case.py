"""The DAGs in the real Airflow, over a database of its own; Object Storage, Hive and Presto are played. Run by Airflow's Python."""
import datetime
import json
import os
import shutil
import sys
import tempfile
import unittest
from unittest import mock

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from helper import DAILY, HOURLY, ROLES, ROOT, STORAGE, FakeClient, gz, utc  # noqa: E402

FOLDER = tempfile.mkdtemp(prefix="airflow-")
HOME, DAGS, GATE = (os.path.join(FOLDER, name) for name in ("home", "dags", "gate.json"))
FILES = os.path.join(ROLES, "airflow", "files")


def shut(is_open, **more):
    with open(GATE, "w", encoding="utf-8") as file:
        json.dump({"open": is_open, "because": "of this test", **more}, file)


def lay_out():
    shutil.copytree(os.path.join(FILES, "config"), os.path.join(HOME, "config"))
    shutil.copytree(os.path.join(FILES, "dags"), DAGS)
    shutil.copytree(os.path.join(ROOT, "examples", "jobs"), os.path.join(DAGS, "company"))
    with open(os.path.join(DAGS, "company", "thief.py"), "w", encoding="utf-8") as file:
        file.write("import pendulum\nfrom airflow import DAG\ndag = DAG('aws2ncp_event_log', schedule=None, start_date=pendulum.now())\n")
    with open(os.path.join(FOLDER, "pipeline.json"), "w", encoding="utf-8") as file:
        json.dump({"settle_minutes": 10, "storage": STORAGE._asdict(), "logs": [HOURLY._asdict(), DAILY._asdict()]}, file)
    os.environ.update(
        AIRFLOW_HOME=HOME,
        AIRFLOW__CORE__DAGS_FOLDER=DAGS,
        AIRFLOW__CORE__LOAD_EXAMPLES="False",
        AIRFLOW__CORE__UNIT_TEST_MODE="False",
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{FOLDER}/airflow.db",
        AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS="False",
        AIRFLOW__LOGGING__LOGGING_LEVEL="ERROR",
        AWS2NCP_BATCH_CONFIG=os.path.join(FOLDER, "pipeline.json"),
        AWS2NCP_GATE=GATE,
    )
    # The helper has put the role's own folder there; Airflow must find what is delivered.
    sys.path[:] = [entry for entry in sys.path if "airflow/files/config" not in entry]
    for name in [name for name in sys.modules if name.startswith("aws2ncp_batch")]:
        del sys.modules[name]


def setUpModule():
    lay_out()
    shut(True)
    from airflow.utils.db import initdb

    initdb()
    import airflow_local_settings

    airflow_local_settings.COMPANY = os.path.join(DAGS, "company", "")


def tearDownModule():
    shutil.rmtree(FOLDER)


def bag():
    from airflow.models import DagBag

    return DagBag(DAGS, include_examples=False)


OWN = ["aws2ncp_api_log", "aws2ncp_api_log_late", "aws2ncp_event_log", "aws2ncp_event_log_late"]
EXAMPLES = ["hive_airport_traffic", "presto_carrier_delays", "spark_hourly_delays", "sqoop_planes"]


class Loading(unittest.TestCase):
    def test_every_dag_is_loaded_but_one_that_takes_a_name_of_the_pipeline(self):
        shut(True)
        found = bag()
        self.assertEqual(sorted(found.dags), OWN + EXAMPLES)
        [(path, why)] = found.import_errors.items()
        self.assertEqual((os.path.basename(path), why.split("\n")[0]), ("thief.py", "AirflowClusterPolicyViolation: aws2ncp_event_log: names that begin with aws2ncp_ are the pipeline's own"))

    def test_with_the_gate_closed_the_company_s_are_not(self):
        shut(False)
        found = bag()
        self.assertEqual(sorted(found.dags), OWN)
        self.assertEqual([os.path.basename(path) for path in found.import_errors], ["thief.py"])

    def test_an_hour_has_a_run_and_missed_ones_are_made_up_from_the_rebuild_on(self):
        shut(True)
        dag = bag().dags["aws2ncp_event_log"]
        self.assertEqual((dag.timetable.summary, str(dag.start_date), dag.catchup), ("0 * * * *", "2019-12-31 15:00:00+00:00", False))
        shut(True, since="2026-11-24T16:20:00Z")
        dags = bag().dags
        dag, late = dags["aws2ncp_event_log"], dags["aws2ncp_event_log_late"]
        self.assertEqual((str(dag.start_date), dag.catchup), ("2026-11-23 14:00:00+00:00", True))
        self.assertEqual((str(late.start_date), late.catchup), ("2026-11-24 16:00:00+00:00", True))
        daily = dags["aws2ncp_api_log"]
        self.assertEqual((str(daily.timezone), daily.start_date.isoformat()), ("Asia/Seoul", "2026-11-22T15:00:00+00:00"))

    def test_with_the_gate_closed_none_is_due(self):
        shut(False)
        dags = bag().dags
        self.assertEqual({name: dags[name].timetable.summary for name in OWN}, dict.fromkeys(OWN, "None"))

    def test_an_hour_that_has_been_begun_comes_before_the_next(self):
        shut(True)
        dag = bag().dags["aws2ncp_event_log"]
        weights = [dag.get_task(name).priority_weight_total for name in ("gate", "wait_for_log", "register_partition", "check_count")]
        self.assertEqual(weights, [1, 2, 3, 4])

    def test_many_hours_may_wait_but_few_work_at_once(self):
        shut(True)
        dags = bag().dags
        self.assertEqual({(dags[name].max_active_runs, dags[name].max_active_tasks) for name in OWN}, {(8, 2)})


class Running(unittest.TestCase):
    """One run each."""

    def run_dag(self, name, moment, client, rows):
        """A run begun at a moment has the hour before it, as the scheduler's has."""
        shut(True)
        dag = bag().dags[name]
        for task in dag.tasks:
            task.retries = 0
        said = []

        class Connection:
            def __enter__(self):
                return self

            def __exit__(self, *_):
                return None

            def cursor(self):
                return mock.Mock(execute=said.append)

        def records(_, statement):
            said.append(statement)
            return [[rows]]

        from aws2ncp_batch import storage

        with mock.patch.object(storage, "client_of", return_value=client), mock.patch(
            "airflow.providers.apache.hive.hooks.hive.HiveServer2Hook.get_conn", return_value=Connection()
        ), mock.patch("airflow.providers.presto.hooks.presto.PrestoHook.get_records", records):
            run = dag.test(execution_date=utc(moment))
        return {each.task_id: str(each.state) for each in run.get_task_instances()}, said

    HOUR = "event_log/2020/01/31/13/"
    ADD = (
        "ALTER TABLE `default`.`event_log` ADD IF NOT EXISTS PARTITION (`dt`='2020-01-31', `hour`='13') "
        "LOCATION 's3a://aws2ncp-event-log/event_log/2020/01/31/13'"
    )
    COUNT = "SELECT count(*) FROM hive.\"default\".\"event_log\" WHERE \"dt\" = '2020-01-31' AND \"hour\" = '13'"

    def test_an_hour_becomes_a_partition_and_is_counted(self):
        client = FakeClient({self.HOUR + "a.gz": gz(40), self.HOUR + "b.gz": gz(2)})
        states, said = self.run_dag("aws2ncp_event_log", "2020-01-31T14:00:00Z", client, 42)
        self.assertEqual(states, dict.fromkeys(["gate", "wait_for_log", "register_partition", "check_count"], "success"))
        self.assertEqual(said, [self.ADD, self.COUNT])

    def test_a_count_that_differs_fails_the_run(self):
        client = FakeClient({self.HOUR + "a.gz": gz(40)})
        states, _ = self.run_dag("aws2ncp_event_log", "2020-01-31T14:00:00Z", client, 41)
        self.assertEqual(states["check_count"], "failed")

    def test_an_hour_in_which_nothing_happened_is_skipped(self):
        client = FakeClient({"event_log/2020/01/31/14/a.gz": gz(1)})
        states, said = self.run_dag("aws2ncp_event_log", "2020-01-31T14:00:00Z", client, 0)
        self.assertEqual(
            (states, said),
            ({"gate": "success", "wait_for_log": "skipped", "register_partition": "skipped", "check_count": "skipped"}, []),
        )

    def test_an_hour_that_is_missing_fails(self):
        states, said = self.run_dag("aws2ncp_event_log", "2020-01-31T14:00:00Z", FakeClient(), 0)
        self.assertEqual((states["wait_for_log"], said), ("failed", []))

    def test_what_came_late_is_counted_when_the_lateness_is_over(self):
        client = FakeClient({self.HOUR + "late.gz": gz(5)})
        states, said = self.run_dag("aws2ncp_event_log_late", "2020-02-01T16:00:00Z", client, 5)
        self.assertEqual((states, said), ({"gate": "success", "settle": "success"}, [self.ADD, self.COUNT]))


if __name__ == "__main__":
    unittest.main()
