"""The job as cron runs it: a process that can be stopped, killed, started twice."""
import json
import os
import signal
import subprocess
import time
import unittest

from helper import SyncCase, configs


class Program(SyncCase):
    start = configs.format_instant(time.time() - 3 * 3600)

    def setUp(self):
        super().setUp()
        self.hour = time.strftime("%Y/%m/%d/%H", time.gmtime())
        self.big = f"{self.hour}/big"

    def slow(self):
        """Two megabytes at 100 KiB a second."""
        self.put(self.big, "x" * 2_000_000)
        self.write_config(rclone=[*self.raw_config()["rclone"], "--bwlimit", "100k"])

    def copying(self):
        """Whether rclone is at it: the copy has its lock and its log line."""
        return os.path.exists(self.path("sync.jsonl")) and bool(self.events("started")) and bool(self.children())

    def children(self):
        found = subprocess.run(["pgrep", "-f", f"rclone.*{self.path('rclone.conf')}.* copy "], capture_output=True, text=True, check=False)
        return found.stdout.split()

    def finish(self, program, seconds=20):
        out, error = program.communicate(timeout=seconds)
        return program.returncode, out, error

    def test_a_good_run(self):
        self.put(f"{self.hour}/a", "hello")
        self.write_config()
        program = self.start_program("event_log")
        code, out, error = self.finish(program)
        self.assertEqual((code, error), (0, ""))
        self.assertRegex(out, r"^event_log: window \S+Z to \S+Z: looked at 1 folders, copied 1 objects \(5 B\), replaced 0, confirmed 1, \d+\.\d s\n$")
        self.assertEqual(self.status()["pid"], program.pid)
        (name,) = os.listdir(self.path("state/runs"))
        with open(self.path("state/runs", name), encoding="utf-8") as file:
            self.assertEqual(json.load(file), self.status())

    def test_term_stops_it_in_order(self):
        for number, code in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            with self.subTest(number):
                self.slow()
                program = self.start_program("event_log")
                self.wait_for(self.copying)
                program.send_signal(number)
                returned, _, error = self.finish(program, 10)
                self.assertEqual(returned, code)
                self.assertIn(f"stopped by signal {number.value}", error)
                self.assertEqual(self.children(), [])
                status = self.status()
                self.assertEqual((status["exit"], status["ok"], status["pid"]), (code, False, program.pid))
                self.assertFalse(os.path.exists(self.path("state/progress.json")))

    def test_killed_outright_the_next_run_finishes_the_work(self):
        self.slow()
        program = self.start_program("event_log")
        self.wait_for(self.copying)
        program.kill()
        program.communicate()
        for child in self.children():
            os.kill(int(child), signal.SIGKILL)
        self.assertFalse(os.path.exists(self.path("state/status.json")))
        self.write_config()
        self.assertEqual(self.finish(self.start_program("event_log"))[0], 0)
        self.assertEqual(len(self.target()[self.big]), 2_000_000)

    def test_two_at_once(self):
        self.slow()
        first = self.start_program("event_log")
        self.wait_for(self.copying)
        code, out, _ = self.finish(self.start_program("event_log"))
        self.assertEqual(code, 75)
        self.assertIn(f"another run is under way (pid {first.pid} since ", out)
        first.terminate()
        self.assertEqual(self.finish(first)[0], 143)
        self.assertEqual(self.status()["pid"], first.pid)

    def test_a_full_run_waits_for_its_turn(self):
        self.slow()
        first = self.start_program("event_log")
        self.wait_for(self.copying)
        self.write_config()
        second = self.start_program("event_log", "--full")
        time.sleep(0.5)
        self.assertIsNone(second.poll())
        first.terminate()
        self.assertEqual(self.finish(first)[0], 143)
        self.assertEqual(self.finish(second)[0], 0)
        self.assertEqual((self.status()["mode"], len(self.target()[self.big])), ("full", 2_000_000))

    def test_wrong_use(self):
        self.write_config()
        code, _, error = self.finish(self.start_program("api_log"))
        self.assertEqual(code, 2)
        self.assertIn("'api_log' is not known on this host\n  allowed: event_log\n", error)
        self.assertEqual(self.finish(self.start_program("--nope"))[0], 2)

    def test_help_has_an_example(self):
        code, out, _ = self.finish(self.start_program("--help"))
        self.assertEqual(code, 0)
        self.assertIn("aws2ncp-sync event_log --dry-run", out)


if __name__ == "__main__":
    unittest.main()
