"""What lies in a folder of Object Storage. Listed by version 1 of the call, the one that the platform documents."""
import datetime
import gzip
from typing import Callable, Iterator, List, NamedTuple, Optional

from .config import Folder, Log, Storage


class Object(NamedTuple):
    key: str
    size: int
    etag: str
    modified: datetime.datetime


def client_of(storage: Storage):
    import boto3
    import botocore.session
    from botocore.config import Config as Settings

    base = botocore.session.Session(profile=storage.profile)
    base.set_config_variable("credentials_file", storage.credentials_file)
    base.set_config_variable("config_file", "/dev/null")
    session = boto3.session.Session(botocore_session=base)
    settings = Settings(
        s3={"addressing_style": "path"},
        retries={"mode": "standard", "max_attempts": 5},
        # Checksums that this platform does not know would make it refuse the call, or take them for data.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        proxies={},
    )
    return session.client(
        "s3", endpoint_url=storage.endpoint, region_name=storage.region, verify=storage.trust_file, config=settings
    )


def is_hidden(key: str) -> bool:
    """What Hive, Presto and Spark don't read."""
    name = key.rsplit("/", 1)[-1]
    return name == "" or name[0] in "_." or key.endswith("_$folder$")


def objects_in(client, log: Log, folder: Folder) -> List[Object]:
    """Data of a folder, by key."""
    pages = client.get_paginator("list_objects").paginate(Bucket=log.bucket, Prefix=folder.prefix)
    return [
        Object(each["Key"], each["Size"], each["ETag"], each["LastModified"])
        for page in pages
        for each in page.get("Contents", [])
        if not is_hidden(each["Key"])
    ]


def has_later(client, log: Log, folder: Folder) -> bool:
    """Whether any later folder of the log has an object: keys are listed in the order of time."""
    after = folder.prefix[:-1] + "0"  # the first text behind everything in the folder: "0" follows "/"
    page = client.list_objects(Bucket=log.bucket, Prefix=log.prefix, Marker=after, MaxKeys=1)
    return len(page.get("Contents", [])) > 0


def lines_of(blocks: Iterator[bytes]) -> int:
    """Lines in a text: one that ends without a line end counts, too."""
    count, last = 0, b"\n"
    for block in blocks:
        if block:
            count += block.count(b"\n")
            last = block[-1:]
    return count if last == b"\n" else count + 1


def _blocks(read: Callable[[int], bytes]) -> Iterator[bytes]:
    while True:
        block = read(1 << 20)
        if not block:
            return
        yield block


def rows_in(client, log: Log, objects: List[Object]) -> int:
    """Records in objects, read once through from beginning to end. An object that has changed since it was listed is an error."""
    return sum(_rows_of(client, log, each) for each in objects)


def _rows_of(client, log: Log, each: Object) -> int:
    body = client.get_object(Bucket=log.bucket, Key=each.key, IfMatch=each.etag)["Body"]
    try:
        if each.key.endswith(".gz"):
            with gzip.GzipFile(fileobj=body) as text:
                return lines_of(_blocks(text.read))
        return lines_of(_blocks(body.read))
    finally:
        body.close()


def newest(objects: List[Object]) -> Optional[datetime.datetime]:
    return max((each.modified for each in objects), default=None)
