"""The whole job with the real rclone between folders."""
import os
import unittest

from helper import HOUR, NOW, SyncCase, asked


class Copying(SyncCase):
    def test_the_first_run_copies_everything_since_the_start_and_nothing_before(self):
        self.put("2020/03/08/14/early", "before the start")
        self.put("2020/03/08/15/a", "one")
        self.put("2020/03/09/00/b", "two")
        self.put("2020/03/10/12/c", "three")
        status = self.run_job()
        self.assertEqual(self.target(), {"2020/03/08/15/a": "one", "2020/03/09/00/b": "two", "2020/03/10/12/c": "three"})
        self.assertEqual({name: status[name] for name in ("mode", "window", "folders", "objects", "bytes", "replaced", "confirmed", "exit", "exitMeaning", "ok")}, {
            "mode": "window", "window": {"from": "2020-03-08T15:00:00Z", "to": "2020-03-10T12:30:00Z"},
            "folders": 3, "objects": 3, "bytes": 11, "replaced": 0, "confirmed": 3, "exit": 0, "exitMeaning": "done", "ok": True,
        })
        self.assertEqual(self.status(), status)
        self.assertEqual(status["pid"], os.getpid())

    def test_the_next_run_looks_at_the_window_alone(self):
        self.put("2020/03/08/16/old", "old")
        self.put("2020/03/10/12/c", "three")
        self.run_job()
        self.put("2020/03/08/17/too-late", "outside")
        self.put("2020/03/09/11/late", "26 hours late")
        status = self.run_job(NOW + HOUR)
        self.assertEqual(status["window"]["from"], "2020-03-09T10:30:00Z")
        self.assertEqual((status["folders"], status["objects"], status["confirmed"]), (2, 1, 2))
        self.assertNotIn("2020/03/08/17/too-late", self.target())
        full = self.run_job(NOW + 2 * HOUR, full=True)
        self.assertEqual((full["mode"], full["objects"]), ("full", 1))
        self.assertEqual(self.target()["2020/03/08/17/too-late"], "outside")

    def test_an_hour_asks_the_same_of_both_sides_however_long_the_history_is(self):
        def asked_in(history):
            for number in range(history):
                hour = f"{2010 + number // 4032}/{1 + number // 336 % 12:02}/{1 + number // 12 % 28:02}/{number % 12:02}"
                self.put(f"{hour}/old", "old")
                self.put(f"event_log/{hour}/old", "old", folder="target/copy")
            return asked(self, NOW + HOUR)

        self.put("2020/03/10/12/c", "three")
        self.run_job()
        short = asked_in(24)
        self.assertEqual(asked_in(5000), short)
        self.assertFalse([line for line in short if "2010" in line])

    def test_a_day_takes_one_copy_however_many_hours_it_has(self):
        for hour in (*range(11, 24), *range(3)):
            self.put(f"2020/03/{9 if hour > 10 else 10:02}/{hour:02}/a", "one")
        self.put("2020/03/09/09/before", "before the window")
        self.run_job()
        os.unlink(self.path("target/copy/event_log/2020/03/09/09/before"))
        copies = [line for line in asked(self, NOW + HOUR) if line.startswith("copy ")]
        only = " ".join(f"--include /{hour:02}/**" for hour in range(11, 24))
        self.assertEqual(len(copies), 2)
        self.assertIn(f" {only} aws:logs/event_log/2020/03/09 ncp:copy/event_log/2020/03/09 ", copies[0])
        self.assertNotIn("--include", copies[1])
        self.assertNotIn("2020/03/09/09/before", self.target())

    def test_catching_up_asks_the_same_too(self):
        self.put("2020/03/10/12/c", "three")
        self.run_job()
        short = asked(self, NOW + 20 * 24 * HOUR)
        for year in range(2010, 2020):
            for month in range(1, 13):
                self.put(f"{year}/{month:02}/01/00/old", "old")
                self.put(f"event_log/{year}/{month:02}/01/00/old", "old", folder="target/copy")
        self.assertEqual(asked(self, NOW + 20 * 24 * HOUR), short)

    def test_nothing_new_is_a_good_run(self):
        self.put("2020/03/10/12/c", "three")
        self.run_job()
        status = self.run_job(NOW + 60)
        self.assertEqual((status["objects"], status["bytes"], status["confirmed"], status["ok"]), (0, 0, 1, True))

    def test_what_is_overwritten_is_kept_each_time(self):
        self.put("2020/03/10/12/c", "first")
        self.run_job()
        for number, text in enumerate(("second!", "third..!")):
            self.put("2020/03/10/12/c", text, age=-60 * (number + 1))
            status = self.run_job(NOW + 60 * (number + 1))
            self.assertEqual((status["objects"], status["replaced"], status["bytes"]), (1, 1, len(text)))
        self.assertEqual(self.target(), {"2020/03/10/12/c": "third..!"})
        kept = self.objects("target/replaced/event_log")
        self.assertEqual(sorted(kept.values()), ["first", "second!"])
        self.assertEqual({path.split("/", 1)[1] for path in kept}, {"2020/03/10/12/c"})
        event = self.events("replaced")[0]
        self.assertEqual((event["object"], event["kept"].split("/")[0]), ("2020/03/10/12/c", "ncp:replaced"))

    def test_what_vanished_at_the_source_stays_at_the_target(self):
        path = self.put("2020/03/10/12/c", "three")
        self.put("2020/03/10/12/d", "four")
        self.run_job()
        os.unlink(path)
        self.assertTrue(self.run_job(NOW + 60)["ok"])
        self.assertEqual(sorted(self.target()), ["2020/03/10/12/c", "2020/03/10/12/d"])

    def test_a_dry_run_changes_nothing(self):
        self.put("2020/03/10/12/c", "three")
        status = self.run_job(dry_run=True)
        self.assertEqual((status["objects"], status["bytes"], status["ok"]), (1, 5, True))
        self.assertEqual((self.target(), os.path.exists(self.path("state/status.json")), self.done()), ({}, False, None))

    def test_folders_in_korean_time(self):
        self.put("2020/03/09/00/a", "15:00 UTC of the 8th")
        self.put("2020/03/08/23/early", "before")
        status = self.run_job(prefix_zone="Asia/Seoul")
        self.assertEqual((sorted(self.target()), status["ok"]), (["2020/03/09/00/a"], True))

    def test_names_with_spaces_and_letters_of_all_kinds(self):
        names = {"2020/03/10/12/a b;c": "1", "2020/03/10/12/로그 é": "2"}
        for name, text in names.items():
            self.put(name, text)
        self.assertEqual(self.run_job()["objects"], 2)
        self.assertEqual(self.target(), names)


class Failing(SyncCase):
    def test_a_missing_bucket_is_no_empty_bucket(self):
        status = self.run_job(source="aws:nowhere/event_log")
        self.assertEqual((status["exit"], status["ok"]), (1, False))
        self.assertIn("rclone ended with 3 (bucket or folder not found) after 1 try", status["exitMeaning"])
        self.assertIsNone(self.done())

    def test_an_empty_prefix_is_told(self):
        status = self.run_job()
        self.assertEqual(status["exit"], 1)
        self.assertTrue(status["exitMeaning"].startswith("aws:logs/event_log: nothing there, not one folder; nothing was changed\n"))

    def test_passing_errors_are_tried_again(self):
        self.put("2020/03/10/12/c", "three")
        fake = self.fake_rclone('if [ "$N" -le 2 ]; then echo "Failed: 500 InternalError" >&2; exit 5; fi; exec $RCLONE "$@"')
        self.assertTrue(self.run_job(rclone=fake, parallel=1)["ok"])
        self.assertEqual([event["code"] for event in self.events("retry")], [5, 5])

    def test_hopeless_errors_are_not(self):
        self.put("2020/03/10/12/c", "three")
        fake = self.fake_rclone('echo "Failed: AccessDenied: status code: 403" >&2; exit 1')
        status = self.run_job(rclone=fake)
        self.assertEqual(status["exit"], 1)
        self.assertIn("after 1 try: Failed: AccessDenied: status code: 403", status["exitMeaning"])
        with open(self.path("calls"), encoding="utf-8") as file:
            self.assertEqual(file.read().strip(), "1")

    def test_tries_have_an_end(self):
        self.put("2020/03/10/12/c", "three")
        status = self.run_job(rclone=self.fake_rclone("exit 5"))
        self.assertIn("after 3 tries", status["exitMeaning"])

    def test_exit_0_proves_nothing(self):
        self.put("2020/03/10/12/c", "three")
        fake = self.fake_rclone('case " $* " in *" copy "*) exit 0;; *) exec $RCLONE "$@";; esac')
        status = self.run_job(rclone=fake)
        self.assertEqual((status["exit"], status["confirmed"]), (1, 0))
        self.assertIn("1 of 1 objects are missing or of another size, though rclone reported success; the first: 12/c", status["exitMeaning"])
        self.assertEqual(self.done(), "2020-03-10T00:00:00Z")

    def test_one_bad_day_does_not_keep_the_others_and_is_taken_up_again(self):
        for name in ("2020/03/08/16/a", "2020/03/09/10/b", "2020/03/10/12/c"):
            self.put(name, name)
        fake = self.fake_rclone('case " $* " in *" copy "*03/09*) exit 6;; *) exec $RCLONE "$@";; esac')
        status = self.run_job(rclone=fake)
        self.assertEqual((status["exit"], status["objects"]), (1, 2))
        self.assertEqual(self.done(), "2020-03-09T00:00:00Z")
        self.assertEqual(self.run_job(NOW + 60)["objects"], 1)
        self.assertEqual(len(self.target()), 3)

    def test_a_missing_program(self):
        self.put("2020/03/10/12/c", "three")
        status = self.run_job(rclone=["/nowhere/rclone"])
        self.assertEqual((status["exit"], status["exitMeaning"].splitlines()[0]), (2, "/nowhere/rclone: not installed"))

    def test_a_full_disk_under_the_log_does_not_stop_the_copy(self):
        self.put("2020/03/10/12/c", "three")
        status = self.run_job(log_file="/dev/full")
        self.assertEqual((status["ok"], self.target()), (True, {"2020/03/10/12/c": "three"}))


if __name__ == "__main__":
    unittest.main()
