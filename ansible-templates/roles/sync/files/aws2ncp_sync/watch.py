"""The watcher: tells the webhook when a dataset's health changes. A message per change, tried again until it was taken.

What was told is remembered after the webhook took it; a crash between the two may repeat that one message. The memory is
written beside its place before the message goes, so that a disk that is full keeps the message back rather than repeat it.
"""
import argparse
import fcntl
import os
import sys
import time

from . import config as configs
from .config import format_instant
from .health import OK, Seen, healths, line
from .state import StateError, commit_json, read_json, refuse_root, stage_json, write_json
from .webhook import NotDelivered, post

CONFIG = "/etc/aws2ncp/alerts.json"
EPILOG = """\
example:
  sudo -u aws2ncp aws2ncp-sync-watch

Cron runs it every five minutes as the user aws2ncp. For the health itself: aws2ncp-sync --status

exit: 0 nothing to tell, or told; 1 something could not be told or remembered; 2 wrong use or configuration; 75 another one is at it
"""
FIELDS = {"host": str, "webhook_host": str, "webhook_file": str, "trust_file": str, "proxy_host": str, "proxy_port": int, "memory_file": str}


class Memory:
    """Per dataset: its state and since when, the state last told, the last good run seen and when."""

    def __init__(self, path):
        self.path = path
        found = read_json(path)
        self.entries = found if isinstance(found, dict) else {}

    def _of(self, dataset):
        entry = self.entries.get(dataset)
        return entry if isinstance(entry, dict) else {}

    def seen(self, dataset):
        seen = self._of(dataset).get("seen")
        try:
            last_good, at = seen["lastGood"], seen["at"]
            return Seen(last_good, float(at)) if last_good is None or isinstance(last_good, str) else None
        except (TypeError, KeyError, ValueError):
            return None

    def told(self, dataset):
        """The state last told. At the first sight: ok, so that good news is no message."""
        told = self._of(dataset).get("told")
        return told if isinstance(told, str) else OK

    def since(self, health):
        """Since when a state lasts: remembered, if it is the one that was remembered."""
        entry = self._of(health.dataset)
        since = entry.get("since")
        same = entry.get("state") == health.state and isinstance(since, (int, float)) and not isinstance(since, bool)
        return min(float(since), health.since) if same else health.since

    def entry(self, health, seen, told):
        return {"state": health.state, "since": health.since, "told": told,
                **({"seen": {"lastGood": seen.last_good, "at": seen.at}} if seen is not None else {})}


def remembered(path):
    """What the watcher with this configuration saw of a dataset; it need not exist."""
    config = read_json(path)
    memory = config.get("memory_file") if isinstance(config, dict) else None
    return Memory(memory).seen if isinstance(memory, str) else lambda dataset: None


def message(health, host):
    """What the webhook gets: `text` for chat programs, the rest for others. No object is named, nobody's data is in it."""
    return {
        "text": f"aws2ncp {host}: {line(health)}", "host": host, "dataset": health.dataset, "state": health.state,
        "since": format_instant(health.since), "reason": health.reason, "lastGood": health.last_good,
    }


def watch(config, folder, now, send):
    """One look at all datasets; the problems, in words."""
    memory, problems = Memory(config["memory_file"]), []
    found, seen = healths(folder, memory.seen, now)
    found = {name: health._replace(since=memory.since(health)) for name, health in found.items()}
    entries = {name: memory.entry(health, seen.get(name), memory.told(name)) for name, health in found.items()}
    if entries != memory.entries:
        write_json(memory.path, entries)
    for name, health in found.items():
        if health.state == entries[name]["told"]:
            continue
        after = {**entries, name: {**entries[name], "told": health.state}}
        stage_json(memory.path, after)
        try:
            send(message(health, config["host"]))
        except NotDelivered as error:
            problems.append(f"not told: {line(health)}\n  {error}")
            continue
        commit_json(memory.path)
        entries = after
        print(f"aws2ncp-sync-watch: told: {line(health)}", flush=True)
    return problems


def load(path):
    raw = read_json(path)
    wrong = [name for name, kind in FIELDS.items() if not isinstance(raw, dict) or not isinstance(raw.get(name), kind)]
    if wrong:
        raise configs.ConfigError(f"{path}: missing or garbage: {', '.join(wrong)}\n  try: deploy again; the file is rendered")
    return raw


def sender(config):
    """Posts to the webhook; its URL is read when there is something to tell."""
    def send(what):
        try:
            with open(config["webhook_file"], encoding="utf-8") as file:
                url = file.read().strip()
        except OSError as error:
            raise NotDelivered(f"{config['webhook_file']}: can't be read: {error.strerror}\n  try: deploy again") from None
        post(url, config["webhook_host"], (config["proxy_host"], config["proxy_port"]), config["trust_file"], what)
    return send


def main(argv=None):
    parser = argparse.ArgumentParser(prog="aws2ncp-sync-watch", description="Tells the webhook which datasets have become late, failed or well again.",
                                     epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", default=CONFIG, help=argparse.SUPPRESS)
    parser.add_argument("--config-folder", default=configs.FOLDER, help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    try:
        config = load(arguments.config)
        refuse_root(os.path.dirname(config["memory_file"]), "aws2ncp-sync-watch")
        with open(f"{config['memory_file']}.lock", "w", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                print("aws2ncp-sync-watch: another one is at it; nothing to do")
                return 75
            problems = watch(config, arguments.config_folder, time.time(), sender(config))
    except configs.ConfigError as error:
        problems, code = [str(error)], 2
    except (StateError, OSError) as error:
        problems, code = [str(error)], 1
    else:
        code = 1 if problems else 0
    for problem in problems:
        print(f"aws2ncp-sync-watch: {problem}", file=sys.stderr)
    return code
