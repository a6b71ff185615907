"""What HDP's scripts do in HDFS: the first format, and the folders that services need, by WebHDFS as its superuser."""
import http.client
import json
import os
import time
import urllib.parse

from .errors import Failed
from .run import as_user
from .stack import folders, value

PATIENCE_SECONDS = 120

# Folder -> owner, group, mode.
SHARED = {"/tmp": ("hdfs", "hdfs", 0o1777), "/user": ("hdfs", "hdfs", 0o755)}
HISTORY = {
    "/app-logs": ("yarn", "hadoop", 0o1777),
    "/mr-history": ("mapred", "hadoop", 0o755),
    "/mr-history/done": ("mapred", "hadoop", 0o777),
    "/mr-history/tmp": ("mapred", "hadoop", 0o1777),
    "/user/ambari-qa": ("ambari-qa", "hdfs", 0o770),
}
WAREHOUSE = {
    "/tmp/hive": ("hive", "hdfs", 0o777),
    "/user/hive": ("hive", "hdfs", 0o755),
    "/warehouse": ("hive", "hadoop", 0o755),
    "/warehouse/tablespace": ("hive", "hadoop", 0o755),
    "/warehouse/tablespace/external": ("hive", "hadoop", 0o755),
    "/warehouse/tablespace/external/hive": ("hive", "hadoop", 0o1777),
    "/warehouse/tablespace/managed": ("hive", "hadoop", 0o755),
    "/warehouse/tablespace/managed/hive": ("hive", "hadoop", 0o1777),
}
SPARK_HISTORY = {"/spark2-history": ("spark", "hadoop", 0o1777), "/user/spark": ("spark", "hdfs", 0o775)}


def format_once(types, host):
    names = folders(types, "hdfs-site/dfs.namenode.name.dir")
    if any(os.path.exists(f"{name}/current/VERSION") for name in names):
        return
    used = [name for name in names if os.listdir(name)]
    if used:
        raise Failed(f"{used[0]} is not empty and has no current/VERSION: a NameNode is formatted once, into empty folders")
    as_user("hdfs", ["/opt/apache/bin/hdfs", "namenode", "-format", "-nonInteractive"])


def make(types, wanted):
    """Makes folders that are missing. Waits for a NameNode that starts, or is in safe mode."""
    address = value(types, "hdfs-site/dfs.namenode.http-address")
    until = time.monotonic() + PATIENCE_SECONDS
    for path, (owner, group, mode) in wanted.items():
        while True:
            try:
                status, text = _make(address, path, owner, group, mode)
            except (OSError, http.client.HTTPException) as error:
                status, text = 0, repr(error)
            if status == 200:
                break
            if time.monotonic() > until:
                raise Failed(f"{path} could not be made in HDFS: {address} answers {status} {text}")
            time.sleep(1)


def _make(address, path, owner, group, mode):
    status, text = _ask(address, "GET", path, op="GETFILESTATUS")
    if status == 200:
        now = json.loads(text)["FileStatus"]
        if (now["owner"], now["group"], int(now["permission"], 8)) == (owner, group, mode):
            return status, text
    elif status == 404:
        status, text = _ask(address, "PUT", path, op="MKDIRS")
    if status == 200:
        status, text = _ask(address, "PUT", path, op="SETPERMISSION", permission=f"{mode:o}")
    if status == 200:
        status, text = _ask(address, "PUT", path, op="SETOWNER", owner=owner, group=group)
    return status, text


def _ask(address, method, path, **parameters):
    query = urllib.parse.urlencode({"user.name": "hdfs", **parameters})
    connection = http.client.HTTPConnection(address, timeout=30)
    try:
        connection.request(method, f"/webhdfs/v1{path}?{query}")
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8")
    finally:
        connection.close()


def make_shared(types, host):
    make(types, SHARED)


def make_history(types, host):
    make(types, HISTORY)


def make_warehouse(types, host):
    make(types, WAREHOUSE)


def make_spark_history(types, host):
    make(types, SPARK_HISTORY)
