"""Finds what is tested, and plays Object Storage."""
import datetime
import gzip
import io
import json
import os
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
ROLES = os.path.join(ROOT, "ansible-templates", "roles")
for folder in ("airflow/files/config", "presto/files", "batch_client/files"):
    sys.path.insert(0, os.path.join(ROLES, folder))

sys.dont_write_bytecode = True

from aws2ncp_batch import config  # noqa: E402

HOURLY = config.Log(
    "event_log", "firehose-hourly", "aws2ncp-event-log", "event_log/", "UTC", "2019-12-31T15:00:00Z", 26, "default", "event_log", "json"
)
DAILY = config.Log(
    "api_log", "daily", "aws2ncp-api-log", "api_log/", "Asia/Seoul", "2019-12-31T15:00:00Z", 26, "default", "api_log", "json"
)
STORAGE = config.Storage("https://kr.object.private.ncp.test", "kr-standard", "/dev/null", "ncp", "/dev/null")


def utc(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class FakeClient:
    """A bucket: key -> bytes, all changed at one time. Knows version 1 of listing only."""

    def __init__(self, objects=(), modified=utc("2020-01-31T14:20:00Z")):
        self.objects = dict(objects)
        self.modified = modified
        self.listed = 0

    def _entry(self, key):
        body = self.objects[key]
        return {"Key": key, "Size": len(body), "ETag": f'"{hash(body)}"', "LastModified": self.modified}

    def list_objects(self, Bucket, Prefix, Marker="", MaxKeys=1000):
        keys = sorted(key for key in self.objects if key.startswith(Prefix) and key > Marker)[:MaxKeys]
        return {"Contents": [self._entry(key) for key in keys]} if keys else {}

    def get_paginator(self, name):
        assert name == "list_objects", name
        client = self

        class Pages:
            def paginate(self, Bucket, Prefix):
                client.listed += 1
                yield client.list_objects(Bucket, Prefix, MaxKeys=2)
                rest = client.list_objects(Bucket, Prefix)
                yield {"Contents": rest.get("Contents", [])[2:]}

        return Pages()

    def get_object(self, Bucket, Key, IfMatch):
        assert IfMatch == self._entry(Key)["ETag"], Key
        return {"Body": io.BytesIO(self.objects[Key])}


def lines(count):
    return "".join(json.dumps({"n": number}) + "\n" for number in range(count)).encode()


def gz(count):
    return gzip.compress(lines(count))
