"""What is told though nothing failed: vanished objects, changes in folders whose time was over, outages made good."""
import os
import unittest

from helper import HOUR, NOW, SyncCase
from aws2ncp_sync import reports


class Vanished(SyncCase):
    def setUp(self):
        super().setUp()
        self.gone = self.put("2020/03/10/11/c", "three")
        self.put("2020/03/10/12/d", "four")
        self.run_job()

    def test_is_told_once_and_counted_always_and_stays_at_the_target(self):
        os.unlink(self.gone)
        status = self.run_job(NOW + 60)
        self.assertEqual((status["vanished"], status["vanishedInAll"], status["exit"], status["ok"]), (1, 1, 0, True))
        self.assertEqual(status["exitMeaning"], "done; 1 objects vanished at the source")
        self.assertEqual([event["object"] for event in self.events("vanished")], ["2020/03/10/11/c"])
        for full in (False, True):
            status = self.run_job(NOW + 120, full=full)
            self.assertEqual((status["vanished"], status["vanishedInAll"], status["exitMeaning"]), (0, 1, "done"))
        self.assertEqual(len(self.events("vanished")), 1)
        self.assertEqual(sorted(self.target()), ["2020/03/10/11/c", "2020/03/10/12/d"])

    def test_what_came_back_and_vanished_again_is_told_again(self):
        os.unlink(self.gone)
        self.run_job(NOW + 60)
        self.put("2020/03/10/11/c", "three")
        self.assertEqual(self.run_job(NOW + 120)["vanishedInAll"], 0)
        self.assertFalse(os.listdir(self.path("state/vanished")))
        os.unlink(self.gone)
        self.assertEqual(self.run_job(NOW + 180)["vanished"], 1)

    def test_a_day_that_is_gone_whole_is_told_by_full_runs(self):
        self.put("2020/03/08/20/old", "old")
        self.run_job(NOW + 60, full=True)
        self.remove_source("2020/03/08")
        self.assertEqual(self.run_job(NOW + 120)["vanished"], 0)
        self.assertEqual(self.run_job(NOW + 180, full=True)["vanished"], 1)
        self.assertEqual(self.run_job(NOW + 240, full=True)["vanished"], 0)

    def test_what_a_window_does_not_look_at_stays_told(self):
        early = self.put("2020/03/09/11/early", "early")
        self.run_job(NOW + 60)
        os.unlink(early)
        self.assertEqual(self.run_job(NOW + 120)["vanished"], 1)
        late = self.put("2020/03/09/20/late", "late")
        self.run_job(NOW + 8 * HOUR)
        os.unlink(late)
        status = self.run_job(NOW + 8 * HOUR)  # from 18:30 of the 9th on
        self.assertEqual((status["vanished"], status["vanishedInAll"]), (1, 1))
        self.assertEqual(self.run_job(NOW + 9 * HOUR, full=True)["vanished"], 0)

    def test_the_log_names_so_many_and_the_count_goes_on(self):
        for number in range(5):
            self.put(f"event_log/2020/03/10/12/{number}", "old", folder="target/copy")
        before = reports.NAMES_LOGGED
        reports.NAMES_LOGGED = 3
        try:
            status = self.run_job(NOW + 60)
        finally:
            reports.NAMES_LOGGED = before
        self.assertEqual((status["vanished"], len(self.events("vanished"))), (5, 3))

    def test_a_dry_run_tells_and_does_not_remember(self):
        os.unlink(self.gone)
        self.assertEqual(self.run_job(NOW + 60, dry_run=True)["vanished"], 1)
        self.assertEqual(self.run_job(NOW + 60)["vanished"], 1)

    def test_garbage_in_the_memory_tells_again(self):
        os.unlink(self.gone)
        self.run_job(NOW + 60)
        for garbage in ("", "{", '{"a": 1}', "[1, null]"):
            self.put("2020-03-10.json", garbage, folder="state/vanished")
            self.assertEqual(self.run_job(NOW + 120)["vanished"], 1, garbage)

    def test_what_arrives_while_the_run_copies_has_not_vanished(self):
        new = self.path("source/logs/event_log/2020/03/10/12/new")
        fake = self.fake_rclone(f'case " $* " in *" copy "*) echo new >{new};; esac; exec $RCLONE "$@"')
        status = self.run_job(NOW + 60, rclone=fake, parallel=1)
        self.assertEqual((status["vanished"], status["ok"], "2020/03/10/12/new" in self.target()), (0, True, True))


class ChangedClosed(SyncCase):
    def change(self, layout, name, age):
        self.put(name, "first", age=100 * HOUR)
        self.run_job(layout=layout)
        self.put(name, "second", age=age)
        return self.run_job(NOW + 60, layout=layout)

    def test_is_what_was_written_when_the_hour_was_over(self):
        status = self.change("firehose-hourly", "2020/03/10/11/c", 30 * 60)  # 12:00
        self.assertEqual((status["replaced"], status["changedClosed"], status["ok"]), (1, 1, True))
        self.assertEqual(status["exitMeaning"], "done; 1 objects changed in a folder whose time was over")
        self.assertEqual([event["object"] for event in self.events("changed closed")], ["2020/03/10/11/c"])

    def test_is_nothing_that_was_written_in_the_hour_itself(self):
        status = self.change("firehose-hourly", "2020/03/10/11/c", 30 * 60 + 1)
        self.assertEqual((status["replaced"], status["changedClosed"], status["exitMeaning"]), (1, 0, "done"))

    def test_of_a_day(self):
        self.assertEqual(self.change("daily", "2020/03/09/c", 12.5 * HOUR)["changedClosed"], 1)  # 00:00 of the 10th

    def test_of_a_day_that_is_not_over(self):
        self.assertEqual(self.change("daily", "2020/03/10/c", 60)["changedClosed"], 0)


class Late(SyncCase):
    def test_an_object_23_hours_late_is_copied_and_one_beyond_the_lateness_by_the_full_run(self):
        self.put("2020/03/10/12/now", "now")
        self.run_job()
        for hour in (8, 16, 23):
            self.run_job(NOW + hour * HOUR)
        self.put("2020/03/10/12/late", "23 hours late")
        self.assertEqual(self.run_job(NOW + 23 * HOUR + 60)["objects"], 1)

    def test_an_outage_of_two_days_is_caught_up_by_the_next_run(self):
        self.put("2020/03/10/12/now", "now")
        self.run_job()
        fake = self.fake_rclone('echo "Failed: dial tcp: no route to host" >&2; exit 1')
        for hour in (1, 24, 47):
            self.put(f"2020/03/{10 + (12 + hour) // 24}/{(12 + hour) % 24:02}/missed", "missed")
            self.assertEqual(self.run_job(NOW + hour * HOUR, rclone=fake)["exit"], 1)
        self.put("2020/03/09/11/late", "came late, before the outage")
        status = self.run_job(NOW + 48 * HOUR)
        self.assertEqual((status["objects"], status["window"]["from"], status["ok"]), (4, "2020-03-09T10:30:00Z", True))
        self.assertEqual(status["lastGood"], "2020-03-12T12:30:00Z")

    def test_the_last_good_run_is_remembered_through_failures(self):
        self.put("2020/03/10/12/now", "now")
        self.assertEqual(self.run_job()["lastGood"], "2020-03-10T12:30:00Z")
        self.assertEqual(self.run_job(NOW + HOUR, source="aws:nowhere/x")["lastGood"], "2020-03-10T12:30:00Z")
        with open(self.path("state/status.json"), "w", encoding="utf-8") as file:
            file.write("garbage")
        self.assertIsNone(self.run_job(NOW + HOUR, source="aws:nowhere/x")["lastGood"])


if __name__ == "__main__":
    unittest.main()
