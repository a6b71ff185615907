"""Health and the watcher: what is ok, failed or late, and what is told of it, once."""
import contextlib
import errno
import io
import json
import os
from unittest import mock
import unittest

from helper import HOUR, NOW, SyncCase, configs
from aws2ncp_sync import watch
from aws2ncp_sync.config import format_instant
from aws2ncp_sync.state import State, StateError, running_since
from aws2ncp_sync.webhook import NotDelivered


class WatchCase(SyncCase):
    def setUp(self):
        super().setUp()
        self.write_config()
        self.sent, self.refuse = [], False
        self.config = {"host": "sync-1", "memory_file": self.path("alerts.json")}

    def send(self, message):
        if self.refuse:
            raise NotDelivered("hooks.test answered 500")
        self.sent.append(message)

    def ran(self, ok, at=NOW, good=None, **fields):
        """A run has ended: its status."""
        os.makedirs(self.path("state"), exist_ok=True)
        with open(self.path("state/status.json"), "w", encoding="utf-8") as file:
            json.dump({"ok": ok, "finished": format_instant(at), "lastGood": format_instant(at) if ok else good and format_instant(good),
                       "cause": "done" if ok else "the source is empty: nothing was changed", **fields}, file)

    def look(self, now=NOW):
        with contextlib.redirect_stdout(io.StringIO()):
            return watch.watch(self.config, self.path("etc"), now, self.send)

    def states(self):
        return [message["state"] for message in self.sent]


class Told(WatchCase):
    def test_good_news_at_first_is_no_message(self):
        self.ran(True)
        self.assertEqual((self.look(), self.sent), ([], []))

    def test_a_change_is_told_once_in_each_direction(self):
        self.ran(True)
        self.look()
        self.ran(False, NOW + HOUR, NOW)
        for minute in range(3):
            self.look(NOW + HOUR + 60 * minute)
        self.ran(False, NOW + 2 * HOUR, NOW)
        self.look(NOW + 2 * HOUR)
        self.ran(True, NOW + 3 * HOUR)
        for minute in range(3):
            self.look(NOW + 3 * HOUR + 60 * minute)
        self.assertEqual(self.sent, [
            {"text": "aws2ncp sync-1: event_log: failed since 2020-03-10T13:30:00Z: the source is empty: nothing was changed; last good run 2020-03-10T12:30:00Z",
             "host": "sync-1", "dataset": "event_log", "state": "failed", "since": "2020-03-10T13:30:00Z",
             "reason": "the source is empty: nothing was changed", "lastGood": "2020-03-10T12:30:00Z"},
            {"text": "aws2ncp sync-1: event_log: ok: the last run was good; last good run 2020-03-10T15:30:00Z",
             "host": "sync-1", "dataset": "event_log", "state": "ok", "since": "2020-03-10T15:30:00Z",
             "reason": "the last run was good", "lastGood": "2020-03-10T15:30:00Z"},
        ])

    def test_is_tried_again_until_it_was_taken_and_then_no_more(self):
        self.ran(False)
        self.refuse = True
        for _ in range(2):
            (problem,) = self.look()
            self.assertIn("not told: event_log: failed since 2020-03-10T12:30:00Z", problem)
            self.assertIn("hooks.test answered 500", problem)
        self.refuse = False
        for later in (0, 60, 120):
            self.assertEqual(self.look(NOW + later), [])
        self.assertEqual(self.states(), ["failed"])

    def test_what_passed_while_the_webhook_was_away_is_not_told(self):
        self.ran(False)
        self.refuse = True
        self.look()
        self.ran(True, NOW + 60)
        self.refuse = False
        self.look(NOW + 60)
        self.assertEqual(self.sent, [])

    def test_one_that_is_refused_keeps_no_other_back_and_none_is_doubled(self):
        self.ran(False)
        with open(self.path("etc/api_log.json"), "w", encoding="utf-8") as file:
            json.dump(self.raw_config(dataset="api_log"), file)
        send = self.send

        def refusing(message):
            if message["dataset"] == "api_log":
                raise NotDelivered("no")
            send(message)

        self.send = refusing
        for _ in range(2):
            self.assertEqual(len(self.look()), 1)
        self.assertEqual([message["dataset"] for message in self.sent], ["event_log"])
        self.send = send
        self.look()
        self.look()
        self.assertEqual([message["dataset"] for message in self.sent], ["event_log", "api_log"])

    def test_a_full_disk_keeps_the_message_back(self):
        self.ran(True)
        self.look()
        self.ran(False)
        with mock.patch("os.fsync", side_effect=OSError(errno.ENOSPC, "No space left on device")), self.assertRaises(StateError):
            self.look()
        self.assertEqual(self.sent, [])
        self.look()
        self.look()
        self.assertEqual(self.states(), ["failed"])

    def test_a_crash_before_it_is_remembered_repeats_one(self):
        self.ran(False)
        with mock.patch("os.replace", side_effect=[None, OSError(errno.EIO, "gone")]), self.assertRaises(StateError):
            self.look()
        self.look()
        self.look()
        self.assertEqual(self.states(), ["failed", "failed"])

    def test_garbage_in_the_memory_counts_as_none(self):
        self.ran(False)
        for garbage in ("", "[]", '{"event_log": 7}', '{"event_log": {"seen": [], "told": 1, "state": "failed", "since": "x"}}'):
            self.put("alerts.json", garbage, folder=".")
            self.sent = []
            self.look()
            self.assertEqual(self.states(), ["failed"], garbage)

    def test_no_message_names_an_object(self):
        self.put("2020/03/10/12/person@example.com", "x")
        self.run_job(rclone=self.fake_rclone('case " $* " in *" copy "*) exit 0;; *) exec $RCLONE "$@";; esac'))
        self.assertIn("person@example.com", self.status()["exitMeaning"])
        self.run_job(NOW + 1, rclone=self.fake_rclone('case " $* " in *" copy "*) echo "person@example.com: corrupted" >&2; exit 6;; *) exec $RCLONE "$@";; esac'))
        self.look()
        self.assertEqual(self.sent[0]["reason"], "rclone ended with 6: some objects can't be copied")
        self.assertNotIn("person", json.dumps(self.sent))


class Judged(WatchCase):
    def state(self, now):
        self.look(now)
        return self.states()[-1] if self.sent else "ok"

    def test_late_after_its_hours_and_not_a_second_before(self):
        self.ran(True)
        self.assertEqual([self.state(NOW + seconds) for seconds in (0, 3 * HOUR, 3 * HOUR + 1)], ["ok", "ok", "late"])
        self.assertEqual((self.sent[0]["reason"], self.sent[0]["since"]), ("no good run within 3 hours", "2020-03-10T15:30:00Z"))
        self.ran(True, NOW + 4 * HOUR)
        self.assertEqual(self.state(NOW + 4 * HOUR), "ok")

    def test_one_that_never_ran_is_late_counted_from_the_first_sight(self):
        self.assertEqual([self.state(NOW + hour * HOUR) for hour in (0, 3)], ["ok", "ok"])
        self.assertEqual(self.state(NOW + 3 * HOUR + 1), "late")
        self.assertEqual((self.sent[0]["reason"], self.sent[0]["lastGood"]), ("no run yet within 3 hours", None))

    def test_on_demand_is_never_late_but_can_fail(self):
        self.write_config(late_after_hours=None)
        self.assertEqual(self.state(NOW), "ok")
        self.ran(True)
        self.assertEqual(self.state(NOW + 10_000 * HOUR), "ok")
        self.ran(False, NOW, NOW)
        self.assertEqual(self.state(NOW + 10_001 * HOUR), "failed")

    def test_a_killed_run_leaves_no_status_and_is_told_as_late(self):
        self.ran(True)
        self.put("lock", "pid 7 since then", folder="state")
        self.assertEqual(self.state(NOW + 4 * HOUR), "late")

    def test_a_clock_that_was_ahead_hides_nothing(self):
        self.ran(True, NOW + 10_000 * HOUR)
        self.assertEqual([self.state(NOW + seconds) for seconds in (0, 3 * HOUR, 3 * HOUR + 1)], ["ok", "ok", "late"])

    def test_a_clock_that_was_set_back_under_the_watcher_hides_nothing(self):
        self.ran(True, NOW + 10_000 * HOUR)
        self.look(NOW + 10_000 * HOUR)
        self.assertEqual([self.state(NOW + seconds) for seconds in (0, 3 * HOUR, 3 * HOUR + 1)], ["ok", "ok", "late"])

    def test_garbage_instead_of_a_status_is_no_good_run(self):
        for garbage in ("", "[]", '{"ok": "yes", "finished": 1}'):
            self.ran(True)
            self.look()
            self.put("status.json", garbage, folder="state")
            self.sent = []
            self.look(NOW + HOUR)
            self.assertEqual(self.state(NOW + 4 * HOUR + 1), "late", garbage)
            os.unlink(self.path("alerts.json"))

    def test_without_its_volume(self):
        self.write_config(requires_mount=self.path("etc"))
        self.assertEqual(self.state(NOW), "failed")
        self.assertEqual(self.sent[0]["reason"], "the volume with its state is not mounted")
        self.look(NOW + HOUR)
        self.assertEqual(len(self.sent), 1)

    def test_a_configuration_that_can_not_be_read(self):
        self.put("event_log.json", "{", folder="etc")
        self.assertEqual((self.state(NOW), self.sent[0]["reason"]), ("failed", "its configuration on the host can't be read"))

    def test_a_dataset_that_is_gone_is_forgotten(self):
        self.ran(False)
        self.look()
        os.unlink(self.path("etc/event_log.json"))
        self.look()
        self.assertEqual((self.states(), watch.Memory(self.path("alerts.json")).entries), (["failed"], {}))


class Status(WatchCase):
    """aws2ncp-sync --status, as a process."""

    def tell(self, *arguments):
        program = self.start_program("--status", "--alerts-config", self.path("no-alerts.json"), *arguments)
        out, error = program.communicate(timeout=20)
        return program.returncode, out, error

    def test_in_words(self):
        self.ran(False, NOW, NOW - HOUR)
        code, out, error = self.tell()
        self.assertEqual((code, out, error), (1, "event_log: failed since 2020-03-10T12:30:00Z: the source is empty: nothing was changed; "
                                                 "last good run 2020-03-10T11:30:00Z\n", ""))

    def test_all_is_well_without_a_watcher_too(self):
        self.write_config(late_after_hours=None)
        self.assertEqual(self.tell(), (0, "event_log: ok: no run yet; no good run yet\n", ""))

    def test_one_that_never_ran_is_late_counted_from_its_configuration(self):
        os.utime(self.path("etc/event_log.json"), (NOW, NOW))
        code, out, _ = self.tell()
        self.assertEqual((code, out), (1, "event_log: late since 2020-03-10T15:30:00Z: no run yet within 3 hours; no good run yet\n"))

    def test_as_json(self):
        self.ran(False, NOW)
        code, out, _ = self.tell("--json")
        (one,) = json.loads(out)
        self.assertEqual((code, one["dataset"], one["state"], one["since"], one["lastGood"]), (1, "event_log", "failed", "2020-03-10T12:30:00Z", None))
        self.assertEqual((one["coveredUntil"], one["runningSince"]), (None, None))

    def test_as_json_with_what_is_covered_and_a_run_under_way(self):
        state = State(self.path("state"))
        state.save_done(NOW - HOUR)
        lock = state.lock(NOW)
        try:
            _, out, _ = self.tell("--json")
        finally:
            lock.close()
        (one,) = json.loads(out)
        self.assertEqual((one["coveredUntil"], one["runningSince"]), ("2020-03-10T11:30:00Z", "2020-03-10T12:30:00Z"))
        # The file with the words stays when the run is over.
        (one,) = json.loads(self.tell("--json")[1])
        self.assertEqual(one["runningSince"], None)

    def test_of_a_window_run_and_a_full_run_the_older_one_is_told(self):
        state = State(self.path("state"))
        locks = [state.lock(NOW, name="lock"), state.lock(NOW - HOUR, name="lock-full")]
        self.assertEqual(running_since(self.path("state")), "2020-03-10T11:30:00Z")
        for lock in locks:
            lock.close()

    def test_a_system_that_does_not_tell_its_locks_says_nothing_of_runs(self):
        lock = State(self.path("state")).lock(NOW)
        self.assertEqual(running_since(self.path("state"), self.path("no-locks")), None)
        self.put("locks", "1: FLOCK\n", folder="etc")
        self.assertEqual(running_since(self.path("state"), self.path("etc/locks")), None)
        lock.close()

    def test_without_a_dataset_the_program_says_which_there_are(self):
        program = self.start_program()
        _, error = program.communicate(timeout=20)
        self.assertEqual(program.returncode, 2)
        self.assertIn("which dataset?\n  allowed: event_log\n  try: aws2ncp-sync --status", error)


if __name__ == "__main__":
    unittest.main()
