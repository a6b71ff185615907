"""Daily folders, in the zones of this world, and what of them a run asks for."""
import os
import unittest
from concurrent.futures import ThreadPoolExecutor

from helper import HOUR, NOW, SyncCase, asked
from aws2ncp_sync.config import parse_instant
from aws2ncp_sync.state import Busy
from aws2ncp_sync.window import Window, days_in, folder_end

DAY = 24 * HOUR


class DailyCase(SyncCase):
    def raw_config(self, **changes):
        return super().raw_config(**{"layout": "daily", **changes})


class Daily(DailyCase):
    def test_each_day_of_the_window_is_copied_whole_whatever_lies_in_it(self):
        self.put("2020/03/07/a", "before the start")
        self.put("2020/03/09/a", "one")
        self.put("2020/03/10/deep/er/b", "two")
        status = self.run_job()
        self.assertEqual(self.target(), {"2020/03/09/a": "one", "2020/03/10/deep/er/b": "two"})
        self.assertEqual((status["layout"], status["mode"], status["folders"], status["objects"], status["confirmed"], status["ok"]),
                         ("daily", "window", 2, 2, 2, True))

    def test_the_day_in_which_the_start_falls_is_copied_whole(self):
        self.put("2020/03/08/morning", "one")
        self.run_job()
        self.assertEqual(self.target(), {"2020/03/08/morning": "one"})

    def test_the_next_run_looks_at_the_days_of_its_window_alone(self):
        self.put("2020/03/08/a", "old")
        self.put("2020/03/10/b", "new")
        self.run_job()
        self.put("2020/03/08/too-late", "outside")
        self.put("2020/03/09/late", "late")
        status = self.run_job(NOW + 4 * HOUR)  # back to 10:30 of the 9th
        self.assertEqual((status["objects"], sorted(self.target())), (1, ["2020/03/08/a", "2020/03/09/late", "2020/03/10/b"]))
        self.assertEqual(self.run_job(NOW + 4 * HOUR, full=True)["objects"], 1)
        self.assertIn("2020/03/08/too-late", self.target())

    def test_a_day_without_objects_is_no_failure_and_an_emptied_source_is(self):
        path = self.put("2020/03/08/a", "old")
        self.run_job()
        status = self.run_job(NOW + 2 * DAY)
        self.assertEqual((status["ok"], status["folders"], status["vanished"]), (True, 0, 0))
        before = self.target()
        self.remove_source(path)
        status = self.run_job(NOW + 2 * DAY)
        self.assertEqual((status["exit"], status["cause"]), (1, "the source is empty: nothing was changed"))
        self.assertEqual(self.target(), before)

    def test_a_killed_run_is_finished_by_the_next(self):
        for day in ("2020/03/08", "2020/03/09", "2020/03/10"):
            self.put(f"{day}/a", day)
        fake = self.fake_rclone('case " $* " in *" copy "*03/09*) kill -KILL $$;; *) exec $RCLONE "$@";; esac')
        status = self.run_job(rclone=fake, parallel=1)
        self.assertEqual((status["exit"], status["cause"], self.done()), (1, "rclone ended with -9: rclone was ended by signal 9", "2020-03-09T00:00:00Z"))
        self.assertTrue(self.run_job(NOW + 60)["ok"])
        self.assertEqual(len(self.target()), 3)

    def test_a_clock_that_was_set_back_skips_nothing(self):
        self.put("2020/03/10/a", "one")
        self.run_job(NOW + 100 * DAY)
        self.put("2020/03/10/b", "two")
        self.assertEqual(self.run_job(NOW)["objects"], 1)

    def test_a_window_asks_the_same_of_both_sides_however_long_the_history_is(self):
        def asked_in(history):
            for number in range(history):
                day = f"{2010 + number // 336}/{1 + number // 28 % 12:02}/{1 + number % 28:02}"
                self.put(f"{day}/old", "old")
                self.put(f"event_log/{day}/old", "old", folder="target/copy")
            return asked(self, NOW + DAY)

        self.put("2020/03/10/c", "three")
        self.run_job()
        short = asked_in(0)
        self.assertEqual(asked_in(500), short)
        self.assertFalse([line for line in short if "2010" in line or " --dirs-only --max-depth 3 " in line])
        self.assertEqual(sum(1 for line in short if "ncp:" in line and line.startswith("lsf")), 3)


class Zones(unittest.TestCase):
    def days(self, start, end, zone):
        return [day.path for day in days_in(Window(parse_instant(start), parse_instant(end)), zone, hourly=False)]

    def test_around_midnight_in_korea(self):
        for start, end, seoul, utc in (
            ("2020-01-01T14:59:00Z", "2020-01-01T14:59:59Z", ["2020/01/01"], ["2020/01/01"]),
            ("2020-01-01T14:59:59Z", "2020-01-01T15:00:00Z", ["2020/01/01", "2020/01/02"], ["2020/01/01"]),
            ("2020-01-01T15:00:00Z", "2020-01-01T15:00:00Z", ["2020/01/02"], ["2020/01/01"]),
            ("2020-01-01T23:59:59Z", "2020-01-02T00:00:00Z", ["2020/01/02"], ["2020/01/01", "2020/01/02"]),
            ("2019-12-31T15:00:00Z", "2019-12-31T23:59:59Z", ["2020/01/01"], ["2019/12/31"]),
            ("2020-02-28T14:00:00Z", "2020-02-29T15:00:00Z", ["2020/02/28", "2020/02/29", "2020/03/01"], ["2020/02/28", "2020/02/29"]),
        ):
            with self.subTest(start):
                self.assertEqual((self.days(start, end, "Asia/Seoul"), self.days(start, end, "UTC")), (seoul, utc))

    def test_when_a_folder_is_over(self):
        for folder, zone, end in (
            ("2020/01/01", "Asia/Seoul", "2020-01-01T15:00:00Z"),
            ("2020/01/01", "UTC", "2020-01-02T00:00:00Z"),
            ("2019/12/31", "Asia/Seoul", "2019-12-31T15:00:00Z"),
            ("2020/01/01/23", "Asia/Seoul", "2020-01-01T15:00:00Z"),
            ("2020/01/01/00", "UTC", "2020-01-01T01:00:00Z"),
            ("2020/03/08", "America/New_York", "2020-03-09T04:00:00Z"),  # a day of 23 hours
            ("2020/11/01/01", "America/New_York", "2020-11-01T07:00:00Z"),  # an hour that comes twice
        ):
            with self.subTest(folder=folder, zone=zone):
                self.assertEqual(folder_end(folder, zone), parse_instant(end))

    def test_the_folders_of_a_korean_day_are_copied_from_its_first_minute_on(self):
        case = DailyCase("setUp")
        case.setUp()
        try:
            case.put("2020/03/11/a", "15:00 UTC of the 10th")
            self.assertEqual(case.run_job(parse_instant("2020-03-10T14:59:59Z"), prefix_zone="Asia/Seoul")["objects"], 0)
            self.assertEqual(case.run_job(parse_instant("2020-03-10T15:00:00Z"), prefix_zone="Asia/Seoul")["objects"], 1)
        finally:
            case.doCleanups()


class BeforeTheStart(SyncCase):
    def setUp(self):
        super().setUp()
        for name in ("2017/05/06/07/ancient", "2020/03/08/14/early", "2020/03/08/15/first", "2020/03/10/12/now"):
            self.put(name, name)

    def test_is_left_unless_asked_for(self):
        self.assertEqual(self.run_job(full=True)["objects"], 2)

    def test_is_copied_by_the_full_run_and_by_no_other(self):
        self.assertEqual(self.run_job(before_start="copy")["objects"], 2)
        done = self.done()
        status = self.run_job(NOW, full=True, before_start="copy")
        self.assertEqual((status["objects"], status["folders"], status["ok"]), (2, 4, True))
        self.assertEqual(sorted(self.target()), ["2017/05/06/07/ancient", "2020/03/08/14/early", "2020/03/08/15/first", "2020/03/10/12/now"])
        self.assertEqual(self.done(), done)

    def test_of_daily_folders_those_before_the_start_day(self):
        for name in ("2017/05/06/a", "2020/03/08/a"):
            self.put(name, name)
        self.run_job(full=True, before_start="copy", layout="daily")
        self.assertLessEqual({"2017/05/06/a", "2020/03/08/a"}, set(self.target()))

    def test_leaves_the_window_to_the_runs_beside_it(self):
        """The old folders of a full run may take days: the dataset's lock is free while they are copied."""
        slow = self.fake_rclone(f'case " $* " in *" copy "*2017*) touch {self.root}/old; while [ ! -e {self.root}/go ]; do sleep 0.02; done;; esac; exec $RCLONE "$@"')
        with ThreadPoolExecutor(1) as pool:
            full = pool.submit(self.job(before_start="copy", rclone=slow).run, True)
            try:
                self.wait_for(lambda: os.path.exists(self.path("old")))
                self.put("2020/03/10/13/later", "later")
                status = self.run_job(NOW + HOUR, before_start="copy")
                self.assertEqual((status["ok"], status["objects"]), (True, 1))
                with self.assertRaises(Busy):
                    self.run_job(NOW + HOUR, full=True, before_start="copy")
            finally:
                self.put("go", "go", folder=".")
            self.assertTrue(full.result()["ok"])
        self.assertIn("2017/05/06/07/ancient", self.target())

    def test_is_not_reached_by_a_full_run_that_failed(self):
        fake = self.fake_rclone('case " $* " in *" copy "*03/10*) exit 6;; *) exec $RCLONE "$@";; esac')
        self.assertEqual(self.run_job(full=True, before_start="copy", rclone=fake)["exit"], 1)
        self.assertNotIn("2017/05/06/07/ancient", self.target())


if __name__ == "__main__":
    unittest.main()
