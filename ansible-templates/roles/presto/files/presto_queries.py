"""Presto's query log, one JSON object a line: who asked what, when, from where. `presto_queries.py CONFIG`

Presto 0.287 brings no event listener that writes a file, but its coordinator tells of every query for an hour. This program
asks each few seconds, writes a line when it first sees a query and one when the query has ended, and flushes both to the disk.
A restart reads the log that is there, so nothing is written twice but what a rotation has carried away in between.
"""
import base64
import datetime
import json
import os
import ssl
import sys
import time
import urllib.error
import urllib.request

ENDED = frozenset(["FINISHED", "FAILED"])


def line_of(event, query, now):
    """What is kept of a query, from the coordinator's words for it."""
    session, stats, error = query["session"], query.get("queryStats", {}), query.get("errorCode") or {}
    found = {
        "time": now,
        "event": event,
        "query_id": query["queryId"],
        "user": session.get("user"),
        "principal": session.get("principal"),
        "address": session.get("remoteUserAddress"),
        "source": session.get("source"),
        "client": session.get("userAgent"),
        "catalog": session.get("catalog"),
        "schema": session.get("schema"),
        "group": ".".join(query.get("resourceGroupId") or []) or None,
        "created": stats.get("createTime"),
        "sql": query.get("query"),
    }
    if event == "ended":
        found.update(state=query["state"], error=error.get("name"), ended=stats.get("endTime"), read=stats.get("rawInputDataSize"))
    return found


class Seen:
    """Which lines are written: (event, query id)."""

    def __init__(self, written):
        self.written = set(written)

    def news(self, queries):
        """(event, query) that have no line yet, oldest first. Forgets queries that the coordinator has forgotten."""
        known = {query["queryId"] for query in queries}
        self.written = {(event, query_id) for event, query_id in self.written if query_id in known}
        found = []
        for query in sorted(queries, key=lambda each: each["queryId"]):
            for event in ["created"] + (["ended"] if query["state"] in ENDED else []):
                if (event, query["queryId"]) not in self.written:
                    found.append((event, query))
        return found

    def add(self, news):
        self.written.update((event, query["queryId"]) for event, query in news)


def written_in(path):
    """What an earlier run wrote. A line that a crash cut off counts as not written."""
    found = []
    try:
        with open(path, encoding="utf-8") as log:
            for text in log:
                try:
                    line = json.loads(text)
                    found.append((line["event"], line["query_id"]))
                except (ValueError, KeyError, TypeError):
                    continue
    except FileNotFoundError:
        pass
    return found


def append(path, lines):
    """Opened anew each time: after a rotation the lines belong into the new file."""
    text = "".join(json.dumps(line, sort_keys=True, ensure_ascii=False) + "\n" for line in lines)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o640)
    size = os.fstat(descriptor).st_size
    if size > 0 and os.pread(descriptor, 1, size - 1) != b"\n":
        text = "\n" + text  # a crash has cut off the line before
    with os.fdopen(descriptor, "w", encoding="utf-8") as log:
        log.write(text)
        log.flush()
        os.fsync(log.fileno())


def opener_of(config):
    """Asks the coordinator itself, never through a proxy of the environment."""
    context = ssl.create_default_context(cafile=config["trust_file"])
    return urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))


def ask(config, opener):
    """Every query that the coordinator still knows."""
    with open(config["password_file"], encoding="utf-8") as password:
        login = f"{config['user']}:{password.read().strip()}"
    request = urllib.request.Request(
        config["uri"] + "/v1/query",
        headers={"Authorization": "Basic " + base64.b64encode(login.encode()).decode(), "X-Presto-User": config["user"]},
    )
    with opener.open(request, timeout=30) as answer:
        return json.load(answer)


def poll(config, opener, seen):
    """Writes what is new; how many lines."""
    news = seen.news(ask(config, opener))
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if news:
        append(config["log_file"], [line_of(event, query, now) for event, query in news])
    seen.add(news)
    return len(news)


def main(argv):
    if len(argv) != 2:
        print("usage: presto_queries.py CONFIG", file=sys.stderr)
        return 2
    with open(argv[1], encoding="utf-8") as text:
        config = json.load(text)
    opener, seen, trouble = opener_of(config), Seen(written_in(config["log_file"])), None
    while True:
        try:
            poll(config, opener, seen)
            if trouble is not None:
                print("the coordinator answers again", file=sys.stderr, flush=True)
            trouble = None
        except (OSError, ValueError) as error:
            # Said once, not every few seconds: a coordinator that restarts is no news.
            if str(error) != trouble:
                print(f"{config['uri']}: {error}", file=sys.stderr, flush=True)
            trouble = str(error)
        time.sleep(config["every_seconds"])


if __name__ == "__main__":
    sys.exit(main(sys.argv))
