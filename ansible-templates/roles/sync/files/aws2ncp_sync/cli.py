"""The command line of aws2ncp-sync."""
import argparse
import json
import os
import signal
import sys
import time

from . import config as configs
from . import health
from .health import Seen, healths
from .job import BUSY, FAILED, OK, USAGE, Job
from .log import Log
from .rclone import Rclone
from .state import Busy, State, StateError, done_in, running_since
from .watch import CONFIG as ALERTS, message, remembered

EPILOG = """\
example:
  sudo -u aws2ncp aws2ncp-sync event_log --dry-run
  sudo aws2ncp-sync --status

Cron runs it as the user aws2ncp. The last run is in /var/lib/aws2ncp/sync/DATASET/status.json, every event in
/var/log/aws2ncp/sync-DATASET.jsonl, what was replaced in the bucket for replaced objects.

exit: 0 done, 1 failed (--status: a dataset is late or failed), 2 wrong use or configuration, 75 another run is under way, 128+N stopped by signal N
"""


# Of the status: what is said only if there is something to say.
TOLD = (("deleted", "deleted"), ("vanished", "vanished"), ("changedClosed", "changed though closed"))


def parser():
    made = argparse.ArgumentParser(prog="aws2ncp-sync", description="Copies what can have changed in a dataset since the last good run.",
                                   epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("dataset", metavar="DATASET", nargs="?", help="name of a dataset in the pipeline file, for example event_log")
    made.add_argument("--full", action="store_true", help="everything since the dataset's start, not only the last window (a tree is copied whole in any case)")
    made.add_argument("--dry-run", action="store_true", help="list and compare, copy nothing, write no status")
    made.add_argument("--status", action="store_true", help="say of every dataset whether it is ok, failed or late")
    made.add_argument("--json", action="store_true", help="with --status: as JSON")
    made.add_argument("--alerts-config", default=ALERTS, help=argparse.SUPPRESS)
    made.add_argument("--config-folder", default=configs.FOLDER, help=argparse.SUPPRESS)
    return made


def size(count):
    for unit in ("B", "KiB", "MiB", "GiB"):
        if count < 1024 or unit == "GiB":
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024


def summary(status, dry_run):
    window = "" if status["window"] is None else f" {status['window']['from']} to {status['window']['to']}"
    what = "would look at" if dry_run else "looked at"
    told = "".join(f"{words} {status[name]}, " for name, words in TOLD if status[name])
    return (f"{status['dataset']}: {status['mode']}{window}: {what} {status['folders']} folders, "
            f"copied {status['objects']} objects ({size(status['bytes'])}), replaced {status['replaced']}, "
            f"confirmed {status['confirmed']}, {told}{status['seconds']:.1f} s")


def main(argv=None):
    made = parser()
    arguments = made.parse_args(argv)
    if arguments.status:
        return tell_health(arguments)
    if arguments.dataset is None:
        made.error(f"which dataset?\n  allowed: {', '.join(configs.datasets(arguments.config_folder)) or 'none is on this host'}\n"
                   "  try: aws2ncp-sync --status")
    try:
        config = configs.load(arguments.dataset, arguments.config_folder)
        state = State(config.state_folder, config.requires_mount)
    except (configs.ConfigError, StateError) as error:
        return complain(error, USAGE if isinstance(error, configs.ConfigError) else FAILED)
    log = Log(config.log_file, config.dataset, sys.stderr if sys.stderr.isatty() else None)
    rclone = Rclone(config.rclone, config.environment, config.parallel, config.retry_delays_seconds, log, config.bandwidth)
    job = Job(config, state, log, rclone)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: job.stop(received))
    try:
        status = job.run(arguments.full, arguments.dry_run)
    except Busy as error:
        log.event("busy", reason=str(error))
        print(f"aws2ncp-sync: {config.dataset}: {error}; nothing to do")
        return BUSY
    except StateError as error:
        log.event("failed", "error", error=str(error))
        return complain(error, FAILED)
    print(summary(status, arguments.dry_run), flush=True)
    if status["exit"] != OK:
        complain(f"{config.dataset}: {status['exitMeaning']}\n  try: tail {config.log_file}", status["exit"])
    return status["exit"]


def tell_health(arguments):
    """What the watcher sees, in words or as JSON; here, too, where no watcher runs."""
    seen = remembered(arguments.alerts_config)

    def seen_of(dataset):
        """Without a watcher's memory this host knew the dataset when its configuration came."""
        return seen(dataset) or Seen(None, os.stat(os.path.join(arguments.config_folder, f"{dataset}.json")).st_mtime)

    found, _ = healths(arguments.config_folder, seen_of, time.time())
    if arguments.dataset is not None:
        found = {name: each for name, each in found.items() if name == arguments.dataset}
    if arguments.json:
        host = os.uname().nodename
        print(json.dumps([{**message(each, host), **extent(name, arguments.config_folder)} for name, each in found.items()], indent=2))
    else:
        print("\n".join(map(health.line, found.values())) or "no dataset is on this host")
    return OK if all(each.state == health.OK for each in found.values()) else FAILED


def extent(dataset, folder):
    """How far a dataset is copied without a gap (a tree has no such end), and since when a run is under way."""
    try:
        where = configs.load(dataset, folder).state_folder
    except configs.ConfigError:
        return {"coveredUntil": None, "runningSince": None}
    done = done_in(where)
    return {"coveredUntil": None if done is None else configs.format_instant(done), "runningSince": running_since(where)}


def complain(error, code):
    print(f"aws2ncp-sync: {error}", file=sys.stderr)
    return code
