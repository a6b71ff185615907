import json
import os
import tempfile
import unittest

from helper import DAILY, HOURLY, utc
from aws2ncp_batch import config, gate, sql


class Folders(unittest.TestCase):
    def test_an_hour_is_named_in_the_zone_of_the_prefixes(self):
        found = config.folder_of(HOURLY, utc("2020-01-31T13:00:00Z"))
        self.assertEqual(found, config.Folder("event_log/2020/01/31/13/", {"dt": "2020-01-31", "hour": "13"}))
        seoul = config.folder_of(HOURLY._replace(zone="Asia/Seoul"), utc("2020-01-31T15:00:00Z"))
        self.assertEqual(seoul, config.Folder("event_log/2020/02/01/00/", {"dt": "2020-02-01", "hour": "00"}))

    def test_a_day_in_seoul_begins_at_15_the_day_before(self):
        for moment, day in (("2020-01-31T14:59:59Z", "2020/01/31"), ("2020-01-31T15:00:00Z", "2020/02/01")):
            found = config.folder_of(DAILY, utc(moment))
            self.assertEqual(found, config.Folder(f"api_log/{day}/", {"dt": day.replace("/", "-")}))

    def test_a_location_is_written_as_the_rebuild_writes_it(self):
        folder = config.folder_of(HOURLY, utc("2020-01-31T13:00:00Z"))
        self.assertEqual(folder.location("aws2ncp-event-log"), "s3a://aws2ncp-event-log/event_log/2020/01/31/13")

    def test_a_prefix_may_be_empty(self):
        self.assertEqual(config.folder_of(DAILY._replace(prefix=""), utc("2020-01-31T00:00:00Z")).prefix, "2020/01/31/")


class Statements(unittest.TestCase):
    def test_a_partition_is_added_once(self):
        folder = config.folder_of(HOURLY, utc("2020-01-31T13:00:00Z"))
        self.assertEqual(
            sql.add_partition(HOURLY, folder),
            "ALTER TABLE `default`.`event_log` ADD IF NOT EXISTS PARTITION (`dt`='2020-01-31', `hour`='13') "
            "LOCATION 's3a://aws2ncp-event-log/event_log/2020/01/31/13'",
        )

    def test_names_and_values_are_quoted(self):
        folder = config.Folder("it's/\\2020/", {"dt": "a'b"})
        self.assertEqual(
            sql.add_partition(HOURLY._replace(table="a`b"), folder),
            "ALTER TABLE `default`.`a``b` ADD IF NOT EXISTS PARTITION (`dt`='a\\'b') "
            "LOCATION 's3a://aws2ncp-event-log/it\\'s/\\\\2020'",
        )

    def test_rows_are_counted_in_the_partition_alone(self):
        folder = config.folder_of(DAILY, utc("2020-01-31T00:00:00Z"))
        self.assertEqual(sql.count_rows(DAILY, folder), "SELECT count(*) FROM hive.\"default\".\"api_log\" WHERE \"dt\" = '2020-01-31'")


class TheGate(unittest.TestCase):
    def read(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "gate.json")
            if text is not None:
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
            found = gate.read(path)
            return found._replace(because=found.because.replace(path, "FILE"))

    def test_says_whether_and_why(self):
        self.assertEqual(self.read('{"open": true, "because": "proven", "since": "2026-11-24T16:00:00Z"}'), gate.Gate(True, "proven", "2026-11-24T16:00:00Z"))
        self.assertEqual(self.read('{"open": false, "because": "the sync is late"}'), gate.Gate(False, "the sync is late"))

    def test_is_closed_by_whatever_can_not_be_read(self):
        for text in (None, "", "[]", "{", '{"because": "x"}', '{"open": "true"}', '{"open": 1}'):
            found = self.read(text)
            self.assertEqual((found.open, found.because.startswith("FILE: ") or "FILE" in found.because), (False, True), text)


class TheConfiguration(unittest.TestCase):
    def test_names_every_field_of_a_log(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            storage = {"endpoint": "https://e", "region": "r", "credentials_file": "/c", "profile": "p", "trust_file": "/t"}
            json.dump({"settle_minutes": 10, "storage": storage, "logs": [HOURLY._asdict()]}, file)
            file.flush()
            self.assertEqual(config.load(file.name), config.Config(config.Storage(**storage), 10, (HOURLY,)))
