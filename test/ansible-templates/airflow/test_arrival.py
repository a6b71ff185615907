import datetime
import unittest

from helper import HOURLY, FakeClient, gz, lines, utc
from aws2ncp_batch import config, state, storage

FOLDER = config.folder_of(HOURLY, utc("2020-01-31T13:00:00Z"))
ENDED = utc("2020-01-31T14:00:00Z")
LATENESS, SETTLE = datetime.timedelta(hours=26), datetime.timedelta(minutes=10)


def judge(objects, now, newest="2020-01-31T13:59:00Z", later=False):
    found = state.Found(objects, utc(newest) if objects else None, later)
    return state.judge(found, ENDED, LATENESS, SETTLE, utc(now)).state


class WhenAnHourIsThere(unittest.TestCase):
    def test_not_before_it_is_over_and_has_settled(self):
        self.assertEqual(judge(3, "2020-01-31T13:59:59Z"), state.WAIT)
        self.assertEqual(judge(3, "2020-01-31T14:09:59Z"), state.WAIT)
        self.assertEqual(judge(3, "2020-01-31T14:10:00Z"), state.READY)

    def test_not_while_objects_still_come(self):
        self.assertEqual(judge(3, "2020-01-31T15:00:00Z", newest="2020-01-31T14:50:01Z"), state.WAIT)
        self.assertEqual(judge(3, "2020-01-31T15:00:00Z", newest="2020-01-31T14:50:00Z"), state.READY)

    def test_an_hour_without_objects_is_empty_once_the_log_has_gone_on(self):
        self.assertEqual(judge(0, "2020-01-31T15:00:00Z"), state.WAIT)
        self.assertEqual(judge(0, "2020-01-31T15:00:00Z", later=True), state.EMPTY)

    def test_and_missing_when_its_lateness_is_over_and_the_log_stands(self):
        self.assertEqual(judge(0, "2020-02-01T15:59:59Z"), state.WAIT)
        self.assertEqual(judge(0, "2020-02-01T16:00:00Z"), state.MISSING)


class WhatLiesInAFolder(unittest.TestCase):
    def test_is_its_data_page_by_page(self):
        names = ["a.gz", "b.gz", "c", "_SUCCESS", ".hidden", "", "d_$folder$"]
        client = FakeClient({FOLDER.prefix + name: b"x" for name in names} | {"event_log/2020/01/31/130": b"", "other": b""})
        self.assertEqual([each.key[len(FOLDER.prefix):] for each in storage.objects_in(client, HOURLY, FOLDER)], ["a.gz", "b.gz", "c"])

    def test_later_folders_are_seen_earlier_ones_and_its_own_objects_are_not(self):
        for key, later in (
            ("event_log/2020/01/31/12/z", False),
            ("event_log/2020/01/31/13/z", False),
            ("event_log/2020/01/31/14/a", True),
            ("event_log/2020/02/01/00/a", True),
            ("event_log0", False),
        ):
            self.assertEqual(storage.has_later(FakeClient({key: b""}), HOURLY, FOLDER), later, key)


class Records(unittest.TestCase):
    def rows(self, objects):
        client = FakeClient({FOLDER.prefix + name: body for name, body in objects.items()})
        return storage.rows_in(client, HOURLY, storage.objects_in(client, HOURLY, FOLDER))

    def test_are_lines_gzipped_or_not(self):
        self.assertEqual(self.rows({"a.gz": gz(1000), "b": lines(3), "c.gz": gz(0)}), 1003)

    def test_of_all_members_of_a_gzip(self):
        self.assertEqual(self.rows({"a.gz": gz(2) + gz(3)}), 5)

    def test_the_last_line_needs_no_end(self):
        self.assertEqual(self.rows({"a": b'{}\n{}'}), 2)
        self.assertEqual(self.rows({"a": b""}), 0)

    def test_that_can_not_be_read_are_an_error(self):
        for broken in (gz(1000)[:-10], b"no gzip"):
            with self.assertRaises((EOFError, OSError)):
                self.rows({"a.gz": broken})

    def test_of_an_object_that_changed_since_it_was_listed_are_refused(self):
        client = FakeClient({FOLDER.prefix + "a": lines(1)})
        listed = storage.objects_in(client, HOURLY, FOLDER)
        client.objects[FOLDER.prefix + "a"] = lines(2)
        with self.assertRaises(AssertionError):
            storage.rows_in(client, HOURLY, listed)
