"""Buckets that are folders, a real rclone, and the job from the role's files."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

FILES = os.path.join(os.path.dirname(os.path.abspath(__file__)), *[".."] * 3, "ansible-templates", "roles", "sync", "files")
sys.path.insert(0, FILES)
sys.dont_write_bytecode = True

from aws2ncp_sync import config as configs  # noqa: E402
from aws2ncp_sync.job import Job  # noqa: E402
from aws2ncp_sync.log import Log  # noqa: E402
from aws2ncp_sync.rclone import Rclone  # noqa: E402
from aws2ncp_sync.state import State  # noqa: E402

HOUR = 3600
NOW = configs.parse_instant("2020-03-10T12:30:00Z")


class SyncCase(unittest.TestCase):
    """A folder per test with source/ and target/ (remotes aws and ncp), a configuration and a state."""

    start = "2020-03-08T15:00:00Z"

    def setUp(self):
        self._folder = tempfile.TemporaryDirectory(prefix="aws2ncp-sync-")
        self.addCleanup(self._folder.cleanup)
        self.root = self._folder.name
        for name in ("source/logs/event_log", "target/copy", "target/replaced", "etc"):
            os.makedirs(self.path(name))
        with open(self.path("rclone.conf"), "w", encoding="utf-8") as file:
            for name, folder in (("aws", "source"), ("ncp", "target")):
                file.write(f"[{name}]\ntype = alias\nremote = {self.path(folder)}\n")

    def path(self, *parts):
        return os.path.join(self.root, *parts)

    def raw_config(self, **changes):
        return {
            "dataset": "event_log", "layout": "firehose-hourly", "source": "aws:logs/event_log", "target": "ncp:copy/event_log", "replaced": "ncp:replaced/event_log",
            "prefix_zone": "UTC", "start": self.start, "before_start": "leave", "lateness_hours": 26, "late_after_hours": 3, "bandwidth": None, "state_folder": self.path("state"),
            "log_file": self.path("sync.jsonl"), "requires_mount": None, "parallel": 2, "retry_delays_seconds": [0, 0],
            "rclone": ["rclone", "--config", self.path("rclone.conf")], "environment": {}, **changes,
        }

    def put(self, name, text, age=0.0, folder="source/logs/event_log"):
        """Writes an object, "2020/03/10/11/a", with a time of its own so that rclone sees a change."""
        path = self.path(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.utime(path, (NOW - age, NOW - age))
        return path

    def remove_source(self, name):
        """An object or a folder is gone at the source; so are folders that it leaves empty, which S3 does not know."""
        path = os.path.join(self.path("source/logs/event_log"), name)
        shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
        while not os.listdir(os.path.dirname(path)) and not os.path.dirname(path).endswith("event_log"):
            path = os.path.dirname(path)
            os.rmdir(path)

    def objects(self, folder):
        """Path below the folder: content."""
        found = {}
        for where, _, names in os.walk(self.path(folder)):
            for name in names:
                path = os.path.join(where, name)
                with open(path, encoding="utf-8") as file:
                    found[os.path.relpath(path, self.path(folder))] = file.read()
        return found

    def target(self):
        return self.objects("target/copy/event_log")

    def job(self, now=NOW, **changes):
        config = configs.check("test.json", self.raw_config(**changes))
        log = Log(config.log_file, config.dataset)
        self.addCleanup(log.close)
        rclone = Rclone(config.rclone, config.environment, config.parallel, config.retry_delays_seconds, log, config.bandwidth)
        clock = [now]
        return Job(config, State(config.state_folder, config.requires_mount), log, rclone, lambda: clock[0])

    def run_job(self, now=NOW, full=False, dry_run=False, **changes):
        return self.job(now, **changes).run(full, dry_run)

    def done(self):
        """Up to when everything was copied."""
        try:
            with open(self.path("state/progress.json"), encoding="utf-8") as file:
                return json.load(file)["end"]
        except FileNotFoundError:
            return None

    def events(self, name):
        with open(self.path("sync.jsonl"), encoding="utf-8") as file:
            return [line for line in map(json.loads, file) if line["event"] == name]

    def fake_rclone(self, script):
        """A program in rclone's place; RCLONE is the real one, N counts its calls (one at a time: with parallel=1)."""
        path = self.path("fake-rclone")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\nN=$(cat {self.root}/calls 2>/dev/null || echo 0); N=$((N + 1)); echo $N >{self.root}/calls\n"
                       f"RCLONE='rclone --config {self.path('rclone.conf')}'\n{script}\n")
        os.chmod(path, 0o755)
        return [path]

    def write_config(self, **changes):
        with open(self.path("etc", "event_log.json"), "w", encoding="utf-8") as file:
            json.dump(self.raw_config(**changes), file)

    def start_program(self, *arguments):
        """The job as cron starts it: a process of its own."""
        code = f"import sys; sys.dont_write_bytecode = True; sys.path.insert(0, {FILES!r}); from aws2ncp_sync.cli import main; sys.exit(main())"
        return subprocess.Popen([sys.executable, "-c", code, *arguments, "--config-folder", self.path("etc")],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def status(self):
        with open(self.path("state/status.json"), encoding="utf-8") as file:
            return json.load(file)

    def wait_for(self, condition, seconds=20.0):
        deadline = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), deadline, "waited in vain")
            time.sleep(0.02)


def asked(case, now, **changes):
    """What a run asks of rclone, sorted; it leaves no watermark. The folder for replaced objects is named after the run."""
    calls, wrapper = case.path("asked"), case.path("rclone")
    shutil.copy(case.path("state/progress.json"), case.path("progress"))
    with open(wrapper, "w", encoding="utf-8") as file:
        file.write(f'#!/bin/sh\necho "$*" >>{calls}\nexec rclone --config {case.path("rclone.conf")} "$@"\n')
    os.chmod(wrapper, 0o755)
    open(calls, "w", encoding="utf-8").close()
    case.assertTrue(case.run_job(now, rclone=[wrapper], **changes)["ok"])
    shutil.copy(case.path("progress"), case.path("state/progress.json"))
    with open(calls, encoding="utf-8") as file:
        return sorted(re.sub(r"replaced/event_log/[^/ ]+", "replaced/event_log/RUN", line) for line in file)
