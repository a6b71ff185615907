"""What the pipeline file says of the logs, as /etc/airflow/pipeline.json has it: delivered with each deploy."""
import datetime
import json
import os
from typing import NamedTuple, Optional
from zoneinfo import ZoneInfo

PATH = os.environ.get("AWS2NCP_BATCH_CONFIG", "/etc/airflow/pipeline.json")


class Storage(NamedTuple):
    """Object Storage, and where its key stands."""

    endpoint: str
    region: str
    credentials_file: str
    profile: str
    trust_file: str


class Log(NamedTuple):
    """A dataset of logs, and the table that its folders are partitions of."""

    dataset: str
    layout: str  # firehose-hourly or daily
    bucket: str
    prefix: str  # empty, or with / at its end
    zone: str
    start: str  # "2019-12-31T15:00:00Z"
    lateness_hours: int
    database: str
    table: str
    format: str  # json: an object a line; parquet

    @property
    def hourly(self) -> bool:
        return self.layout == "firehose-hourly"

    @property
    def lateness(self) -> datetime.timedelta:
        return datetime.timedelta(hours=self.lateness_hours)


class Folder(NamedTuple):
    """The folder of an hour or a day, which is a partition."""

    prefix: str  # "event_log/2020/01/31/13/"
    values: dict  # {"dt": "2020-01-31", "hour": "13"}, in the order of the table's partition columns

    def location(self, bucket: str) -> str:
        """As the rebuild of the metastore writes it."""
        return f"s3a://{bucket}/{self.prefix.rstrip('/')}"


class Config(NamedTuple):
    storage: Storage
    settle_minutes: int
    logs: tuple


def folder_of(log: Log, moment: datetime.datetime) -> Folder:
    """The folder in which the records of a moment lie."""
    local = moment.astimezone(ZoneInfo(log.zone))
    values = {"dt": local.strftime("%Y-%m-%d")}
    if log.hourly:
        values["hour"] = local.strftime("%H")
    return Folder(log.prefix + local.strftime("%Y/%m/%d/%H/" if log.hourly else "%Y/%m/%d/"), values)


def load(path: Optional[str] = None) -> Config:
    with open(path or PATH, encoding="utf-8") as text:
        found = json.load(text)
    logs = tuple(Log(**log) for log in found["logs"])
    return Config(Storage(**found["storage"]), found["settle_minutes"], logs)
