"""Whether a dataset is well: ok, failed or late. Derived from its last run's status; the words name no object."""
import os
from typing import NamedTuple, Optional

from . import config as configs
from .config import format_instant, parse_instant
from .state import read_json
from .window import HOUR

OK, FAILED, LATE = "ok", "failed", "late"


class Health(NamedTuple):
    dataset: str
    state: str
    since: float
    reason: str
    last_good: Optional[str]  # when the last good run ended; None: there was none


class Seen(NamedTuple):
    """A last good run, and when this host first saw it: a clock that was ahead for a while must not hide a late dataset."""
    last_good: Optional[str]
    at: float


def last_status(config):
    """The dataset's last status; empty if there is none, or garbage."""
    status = read_json(os.path.join(config.state_folder, "status.json"))
    good = isinstance(status, dict) and isinstance(status.get("ok"), bool) and instant(status.get("finished")) is not None
    return status if good else {}


def instant(text):
    try:
        return parse_instant(text)
    except (TypeError, ValueError):
        return None


def good_of(status):
    return status.get("lastGood") if instant(status.get("lastGood")) is not None else None


def seen_again(seen, last_good, now):
    """What was seen, brought up to date. `seen` is None at the first sight."""
    if seen is None or seen.last_good != last_good or seen.at > now:
        return Seen(last_good, now)
    return seen


def judge(config, status, seen, now):
    """Health of a dataset. One that never ran is late as if the host's first sight of it had been a good run."""
    last_good = seen.last_good
    if config.requires_mount is not None and not os.path.ismount(config.requires_mount):
        return Health(config.dataset, FAILED, now, "the volume with its state is not mounted", last_good)
    if status and not status["ok"]:
        cause = status.get("cause")
        return Health(config.dataset, FAILED, parse_instant(status["finished"]), cause if isinstance(cause, str) else "unknown", last_good)
    good = seen.at if last_good is None else min(seen.at, parse_instant(last_good))
    if config.late_after_hours is not None and now > good + config.late_after_hours * HOUR:
        what = "no run yet" if last_good is None else "no good run"
        return Health(config.dataset, LATE, good + config.late_after_hours * HOUR, f"{what} within {config.late_after_hours} hours", last_good)
    return Health(config.dataset, OK, good, "no run yet" if last_good is None else "the last run was good", last_good)


def unreadable(dataset, now):
    return Health(dataset, FAILED, now, "its configuration on the host can't be read", None)


def healths(folder, seen_of, now):
    """Health of every dataset with a configuration in a folder, by name, and what was seen of each."""
    found, seen = {}, {}
    for dataset in configs.datasets(folder):
        try:
            config = configs.load(dataset, folder)
        except configs.ConfigError:
            found[dataset] = unreadable(dataset, now)
            continue
        status = last_status(config)
        seen[dataset] = seen_again(seen_of(dataset), good_of(status), now)
        found[dataset] = judge(config, status, seen[dataset], now)
    return found, seen


def line(health):
    """One line of words for people."""
    since = "" if health.state == OK else f" since {format_instant(health.since)}"
    good = f"last good run {health.last_good}" if health.last_good else "no good run yet"
    return f"{health.dataset}: {health.state}{since}: {health.reason}; {good}"
