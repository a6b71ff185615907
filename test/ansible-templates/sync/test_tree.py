"""Trees: copied whole; with sync, what is gone at the source is moved away, and never more than allowed."""
import os
import shutil
import unittest

from helper import NOW, SyncCase

KEPT = "target/replaced/event_log"


class TreeCase(SyncCase):
    mode, max_delete = "copy", None

    def raw_config(self, **changes):
        raw = super().raw_config(layout="tree", mode=self.mode, max_delete=self.max_delete, late_after_hours=None)
        for name in ("prefix_zone", "start", "before_start", "lateness_hours"):
            del raw[name]
        return {**raw, **changes}

    def setUp(self):
        super().setUp()
        self.put("sales/year=2020/a.parquet", "one")
        self.put("sales/year=2020/b.parquet", "two")
        self.put("users/c d.parquet", "three")

    def kept(self):
        """Below the folder of its run."""
        return {path.split("/", 1)[1]: text for path, text in self.objects(KEPT).items()}


class Copy(TreeCase):
    def test_copies_everything_and_says_so(self):
        status = self.run_job()
        self.assertEqual(self.target(), {"sales/year=2020/a.parquet": "one", "sales/year=2020/b.parquet": "two", "users/c d.parquet": "three"})
        self.assertEqual({name: status[name] for name in ("layout", "mode", "window", "folders", "objects", "bytes", "confirmed", "deleted", "ok")}, {
            "layout": "tree", "mode": "copy", "window": None, "folders": 2, "objects": 3, "bytes": 11, "confirmed": 3, "deleted": 0, "ok": True})
        self.assertEqual(self.run_job(NOW + 60)["objects"], 0)

    def test_deletes_nothing_and_tells_what_vanished_once(self):
        self.run_job()
        self.remove_source("sales")
        status = self.run_job(NOW + 60)
        self.assertEqual((status["vanished"], status["deleted"], status["ok"], len(self.target())), (2, 0, True, 3))
        status = self.run_job(NOW + 120)
        self.assertEqual((status["vanished"], status["vanishedInAll"]), (0, 2))

    def test_what_is_overwritten_is_kept(self):
        self.run_job()
        self.put("users/c d.parquet", "changed", age=-60)
        self.assertEqual(self.run_job(NOW + 60)["replaced"], 1)
        self.assertEqual((self.target()["users/c d.parquet"], self.kept()), ("changed", {"users/c d.parquet": "three"}))

    def test_exit_0_proves_nothing(self):
        fake = self.fake_rclone('case " $* " in *" copy "*) exit 0;; *) exec $RCLONE "$@";; esac')
        status = self.run_job(rclone=fake)
        self.assertEqual((status["exit"], status["cause"]), (1, "3 of 3 objects are missing or of another size, though rclone reported success"))

    def test_an_emptied_source_changes_nothing_and_is_told(self):
        self.run_job()
        before = self.target()
        shutil.rmtree(self.path("source/logs/event_log"))
        for make in (lambda: None, lambda: os.makedirs(self.path("source/logs/event_log"))):
            make()
            status = self.run_job(NOW + 60)
            self.assertEqual((status["exit"], self.target()), (1, before))
        self.assertTrue(status["exitMeaning"].startswith("aws:logs/event_log: nothing there, not one object; nothing was changed\n"))

    def test_a_limit_of_bandwidth_is_bytes_a_second_for_one_copy_at_a_time(self):
        fake = self.fake_rclone(f'echo "$*" >>{self.root}/seen; exec $RCLONE "$@"')
        self.run_job(rclone=fake, bandwidth=20_000_000)
        with open(self.path("seen"), encoding="utf-8") as file:
            lines = [line for line in file if line.startswith("copy ")]
        self.assertEqual([" --bwlimit 20000000B " in line for line in lines], [True])


class Sync(TreeCase):
    mode, max_delete = "sync", 2

    def test_moves_what_is_gone_into_a_folder_of_its_run(self):
        self.run_job()
        self.remove_source("sales")
        status = self.run_job(NOW + 60)
        self.assertEqual((status["deleted"], status["vanished"], status["ok"]), (2, 2, True))
        self.assertEqual(status["exitMeaning"], "done; 2 objects vanished at the source, 2 objects deleted at the target")
        self.assertEqual(self.target(), {"users/c d.parquet": "three"})
        self.assertEqual(self.kept(), {"sales/year=2020/a.parquet": "one", "sales/year=2020/b.parquet": "two"})
        self.assertEqual(self.events("deleted")[0]["object"], "sales/year=2020/a.parquet")
        self.assertEqual(self.run_job(NOW + 120)["deleted"], 0)

    def test_one_more_than_allowed_deletes_none_and_copies_none(self):
        self.run_job()
        before = self.target()
        for name in ("sales", "users"):
            self.remove_source(name)
        self.put("new", "new")
        calls = self.path("calls")
        status = self.run_job(NOW + 60, rclone=self.fake_rclone('case " $* " in *" copy "*|*" move "*) exit 2;; esac; exec $RCLONE "$@"'))
        self.assertEqual((status["exit"], status["cause"]), (1, "3 objects would be deleted, 2 are allowed: nothing was changed"))
        self.assertEqual((self.target(), self.kept()), (before, {}))
        with open(calls, encoding="utf-8") as file:
            self.assertEqual(file.read().strip(), "2")  # two listings, and nothing else
        self.assertEqual(self.run_job(NOW + 120, max_delete=3)["deleted"], 3)
        self.assertEqual(self.target(), {"new": "new"})

    def test_an_emptied_missing_or_unreachable_source_changes_nothing(self):
        self.run_job(max_delete=1000)
        before = self.target()
        cases = {
            "emptied": {}, "missing": {"source": "aws:nowhere/event_log"},
            "unreachable": {"rclone": self.fake_rclone('case "$*" in *aws:*) echo "Failed: dial tcp: i/o timeout" >&2; exit 1;; esac; exec $RCLONE "$@"')},
        }
        shutil.move(self.path("source/logs/event_log"), self.path("away"))
        os.makedirs(self.path("source/logs/event_log"))
        for name, changes in cases.items():
            with self.subTest(name):
                status = self.run_job(NOW + 60, max_delete=1000, **changes)
                self.assertEqual((status["exit"], self.target(), self.kept()), (1, before, {}))

    def test_a_source_that_is_emptied_while_the_run_copies_costs_nothing(self):
        self.run_job(max_delete=1000)
        self.remove_source("sales/year=2020/a.parquet")
        before = self.target()
        source = self.path("source/logs/event_log")
        fake = self.fake_rclone(f'case " $* " in *" copy "*) $RCLONE "$@"; rm -r {source}; mkdir {source};; *) exec $RCLONE "$@";; esac')
        status = self.run_job(NOW + 60, max_delete=1000, rclone=fake)
        self.assertEqual((status["exit"], status["cause"], self.target()), (1, "the source is empty: nothing was changed", before))

    def test_what_came_back_while_the_run_copied_is_not_deleted(self):
        self.run_job()
        self.remove_source("sales/year=2020/a.parquet")
        back = self.path("source/logs/event_log/sales/year=2020/a.parquet")
        fake = self.fake_rclone(f'case " $* " in *" copy "*) $RCLONE "$@"; printf one >{back};; *) exec $RCLONE "$@";; esac')
        status = self.run_job(NOW + 60, rclone=fake)
        self.assertEqual((status["ok"], status["deleted"], len(self.target())), (True, 0, 3))

    def test_rclone_gets_the_bound_too_and_the_names_that_were_decided(self):
        self.run_job()
        self.remove_source("sales/year=2020/a.parquet")
        fake = self.fake_rclone(f'case "$1" in move) echo "$*" >{self.root}/move;; copy) echo "$*" >{self.root}/copy;; esac; exec $RCLONE "$@"')
        self.run_job(NOW + 60, rclone=fake)
        with open(self.path("move"), encoding="utf-8") as file:
            self.assertRegex(file.read(), r"^move --files-from-raw - --max-delete 2 ncp:copy/event_log ncp:replaced/event_log/\S+ ")
        with open(self.path("copy"), encoding="utf-8") as file:
            self.assertRegex(file.read(), r"^copy --backup-dir ncp:replaced/event_log/\S+ ")

    def test_a_deletion_that_did_not_happen_is_no_success(self):
        self.run_job()
        self.remove_source("sales/year=2020/a.parquet")
        status = self.run_job(NOW + 60, rclone=self.fake_rclone('case "$1" in move) exit 0;; esac; exec $RCLONE "$@"'))
        self.assertEqual((status["exit"], status["cause"]), (1, "1 of 1 objects are still there, though rclone reported success"))

    def test_a_deletion_that_kept_nothing_is_no_success(self):
        self.run_job()
        self.remove_source("sales/year=2020/a.parquet")
        doomed = self.path("target/copy/event_log/sales/year=2020/a.parquet")
        status = self.run_job(NOW + 60, rclone=self.fake_rclone(f'case "$1" in move) rm {doomed}; exit 0;; esac; exec $RCLONE "$@"'))
        self.assertEqual((status["exit"], status["cause"]), (1, "1 of 1 deleted objects were not kept, or not in their size"))

    def test_a_run_that_was_killed_half_way_is_finished_by_the_next(self):
        self.run_job()
        self.remove_source("sales")
        self.put("new", "new")
        fake = self.fake_rclone('case "$1" in move) kill -KILL $$;; esac; exec $RCLONE "$@"')
        status = self.run_job(NOW + 60, rclone=fake)
        self.assertEqual((status["exit"], sorted(self.target())), (1, ["new", "sales/year=2020/a.parquet", "sales/year=2020/b.parquet", "users/c d.parquet"]))
        self.assertEqual(self.run_job(NOW + 120)["deleted"], 2)

    def test_a_dry_run_says_what_it_would_delete(self):
        self.run_job()
        self.remove_source("sales")
        status = self.run_job(NOW + 60, dry_run=True)
        self.assertEqual((status["deleted"], len(self.target()), len(self.events("would delete"))), (2, 3, 2))


if __name__ == "__main__":
    unittest.main()
