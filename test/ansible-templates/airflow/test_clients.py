import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
from contextlib import redirect_stderr

from helper import ROLES
import batch_client
import presto_queries


class TheBatchKey(unittest.TestCase):
    def test_starts_the_three_programs_with_their_arguments_as_they_came(self):
        self.assertEqual(
            batch_client.command_of("spark-submit --name 'a b' /opt/aws2ncp/jobs/x.py '$(id)' ';ls'"),
            ["/usr/bin/spark-submit", "--name", "a b", "/opt/aws2ncp/jobs/x.py", "$(id)", ";ls"],
        )
        self.assertEqual(sorted(batch_client.PROGRAMS), ["beeline", "spark-submit", "sqoop"])

    def test_starts_nothing_else(self):
        for text in ("", "  ", "id", "/usr/bin/spark-submit x", "sh -c spark-submit", "spark-submit; id", "'open"):
            with self.assertRaises(ValueError, msg=text):
                batch_client.command_of(text)

    def test_says_what_is_allowed(self):
        program = os.path.join(ROLES, "batch_client", "files", "batch_client.py")
        found = subprocess.run(
            [sys.executable, "-B", program], env={"SSH_ORIGINAL_COMMAND": "bash -i"}, capture_output=True, text=True, check=False
        )
        self.assertEqual(
            (found.returncode, found.stdout, found.stderr),
            (2, "", "'bash' is none of the programs that this key starts\n  allowed: beeline, spark-submit, sqoop, with arguments\n"),
        )


def query(query_id, state="FINISHED", **more):
    session = {"user": "alice", "principal": "alice", "remoteUserAddress": "10.20.1.9", "source": "cli", "catalog": "hive", "schema": "default"}
    stats = {"createTime": "2026-11-24T23:30:21.343Z", "endTime": "2026-11-24T23:30:26.557Z", "rawInputDataSize": "88B"}
    return {"queryId": query_id, "session": session, "state": state, "query": "SELECT 1", "queryStats": stats, "resourceGroupId": ["adhoc", "alice"], **more}


class TheQueryLog(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "queries.jsonl")
        self.config = {"log_file": self.path}
        self.seen = presto_queries.Seen([])

    def poll(self, *queries):
        real, presto_queries.ask = presto_queries.ask, lambda config, opener: list(queries)
        try:
            return presto_queries.poll(self.config, None, self.seen)
        finally:
            presto_queries.ask = real

    def lines(self):
        with open(self.path, encoding="utf-8") as log:
            return [json.loads(line) for line in log]

    def test_has_a_line_for_the_beginning_and_one_for_the_end(self):
        self.assertEqual(self.poll(query("1", "RUNNING")), 1)
        self.assertEqual(self.poll(query("1")), 1)
        self.assertEqual(self.poll(query("1")), 0)
        self.assertEqual([(line["event"], line["query_id"]) for line in self.lines()], [("created", "1"), ("ended", "1")])
        ended = dict(self.lines()[1])
        ended.pop("time")
        self.assertEqual(
            ended,
            {
                "address": "10.20.1.9", "catalog": "hive", "client": None, "created": "2026-11-24T23:30:21.343Z",
                "ended": "2026-11-24T23:30:26.557Z", "error": None, "event": "ended", "group": "adhoc.alice", "principal": "alice",
                "query_id": "1", "read": "88B", "schema": "default", "source": "cli", "sql": "SELECT 1", "state": "FINISHED", "user": "alice",
            },
        )

    def test_tells_what_was_refused(self):
        self.poll(query("1", "FAILED", errorCode={"name": "PERMISSION_DENIED"}))
        self.assertEqual([line.get("error") for line in self.lines()], [None, "PERMISSION_DENIED"])

    def test_goes_on_after_a_restart_and_a_line_that_was_cut_off(self):
        self.poll(query("1"), query("2", "RUNNING"))
        with open(self.path, "a", encoding="utf-8") as log:
            log.write('{"event": "ended", "query_id"')
        self.seen = presto_queries.Seen(presto_queries.written_in(self.path))
        self.assertEqual(self.poll(query("1"), query("2")), 1)
        with open(self.path, encoding="utf-8") as log:
            self.assertEqual(json.loads(log.read().splitlines()[-1])["query_id"], "2")

    def test_writes_into_the_new_file_after_a_rotation(self):
        self.poll(query("1"))
        os.rename(self.path, self.path + "-20261124")
        self.poll(query("1"), query("2"))
        self.assertEqual({line["query_id"] for line in self.lines()}, {"2"})

    def test_forgets_what_the_coordinator_has_forgotten(self):
        self.poll(query("1"), query("2"))
        self.poll(query("2"))
        self.assertEqual({query_id for _, query_id in self.seen.written}, {"2"})

    def test_is_readable_to_its_group_alone(self):
        self.poll(query("1"))
        self.assertEqual(os.stat(self.path).st_mode & 0o137, 0)

    def test_wants_its_configuration(self):
        with redirect_stderr(io.StringIO()) as said:
            self.assertEqual(presto_queries.main(["presto_queries.py"]), 2)
        self.assertEqual(said.getvalue(), "usage: presto_queries.py CONFIG\n")
