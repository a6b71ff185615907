import errno
import os
import unittest
from unittest import mock

from helper import SyncCase
from aws2ncp_sync.state import Busy, RUNS_KEPT, State, StateError, write_json


class Remembered(SyncCase):
    def setUp(self):
        super().setUp()
        self.state = State(self.path("state"))

    def test_nothing_is_done_at_first(self):
        self.assertIsNone(self.state.done())

    def test_what_is_done_is_read_back(self):
        self.state.save_done(1583843400.0)
        self.assertEqual(self.state.done(), 1583843400.0)

    def test_garbage_means_that_nothing_is_known(self):
        for garbage in ("", "{", "[]", '{"end": 7}', '{"end": "yesterday"}'):
            with open(self.path("state/progress.json"), "w", encoding="utf-8") as file:
                file.write(garbage)
            self.assertIsNone(self.state.done(), garbage)

    def test_a_full_disk_leaves_the_old_file_whole(self):
        path = self.path("state/status.json")
        write_json(path, {"run": 1})
        with mock.patch("os.fsync", side_effect=OSError(errno.ENOSPC, "No space left on device")):
            with self.assertRaises(StateError) as caught:
                write_json(path, {"run": 2})
        self.assertIn(f"{path}: can't be written: No space left on device\n  try: df -h ", str(caught.exception))
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), '{\n  "run": 1\n}\n')
        self.assertEqual(sorted(os.listdir(self.path("state"))), ["runs", "status.json"])

    def test_the_second_to_ask_for_the_lock_is_told_who_holds_it(self):
        held = self.state.lock(0.0)
        with self.assertRaises(Busy) as caught:
            State(self.path("state")).lock(0.0)
        self.assertEqual(str(caught.exception), f"another run is under way (pid {os.getpid()} since 1970-01-01T00:00:00Z)")
        held.close()
        State(self.path("state")).lock(0.0).close()

    def test_the_history_has_an_end(self):
        for number in range(RUNS_KEPT + 5):
            with open(self.path("state/runs", f"2020-01-01T{number:06d}Z-1.json"), "w", encoding="utf-8"):
                pass
        self.state.save_status({"started": "2020-03-10T12:30:00Z", "pid": 7})
        kept = sorted(os.listdir(self.path("state/runs")))
        self.assertEqual((len(kept), kept[-1]), (RUNS_KEPT, "2020-03-10T123000Z-7.json"))

    def test_without_its_volume_it_does_not_start(self):
        with self.assertRaises(StateError) as caught:
            State(self.path("state"), self.path("state"))
        self.assertIn("the volume is not mounted", str(caught.exception))

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_root_is_sent_away_from_another_accounts_state(self):
        os.chown(self.path("state"), 65534, 65534)
        with self.assertRaises(StateError) as caught:
            State(self.path("state"))
        self.assertIn("root must not run this", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
