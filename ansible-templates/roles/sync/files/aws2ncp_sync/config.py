"""The job's configuration: one JSON file per dataset, rendered from the pipeline file."""
import calendar
import json
import os
import time
from typing import Dict, NamedTuple, Optional, Tuple

FOLDER = "/etc/aws2ncp/sync"
ZONES = "/usr/share/zoneinfo"
HOURLY, DAILY, TREE = "firehose-hourly", "daily", "tree"
COPY, SYNC = "copy", "sync"


class ConfigError(Exception):
    """The job can't start; the message says which value is wrong and what is allowed."""


class Config(NamedTuple):
    dataset: str
    layout: str
    source: str  # "aws:bucket/prefix", no slash at the end
    target: str
    replaced: str  # where copies that would be overwritten or deleted are kept
    late_after_hours: Optional[int]  # None: never late, since it runs on demand
    bandwidth: Optional[int]  # bytes a second; None: no limit
    state_folder: str
    log_file: str
    requires_mount: Optional[str]
    parallel: int
    retry_delays_seconds: Tuple[float, ...]
    rclone: Tuple[str, ...]  # the program and the flags of every call
    environment: Dict[str, str]
    # Folders named after time
    prefix_zone: str = "UTC"
    start: float = 0.0  # seconds since 1970
    before_start: str = "leave"
    lateness_hours: int = 0
    # Trees
    mode: str = COPY
    max_delete: Optional[int] = None  # only with mode sync


# name: (types, what is allowed)
COMMON = {
    "dataset": (str, "a name"),
    "layout": (str, f"{HOURLY}, {DAILY} or {TREE}"),
    "source": (str, "REMOTE:BUCKET/PREFIX"),
    "target": (str, "REMOTE:BUCKET/PREFIX"),
    "replaced": (str, "REMOTE:BUCKET/PREFIX"),
    "late_after_hours": ((int, type(None)), "hours, 1 or more, or null"),
    "bandwidth": ((int, type(None)), "bytes a second, 1 or more, or null"),
    "state_folder": (str, "an absolute path"),
    "log_file": (str, "an absolute path"),
    "requires_mount": ((str, type(None)), "an absolute path or null"),
    "parallel": (int, "1 to 32"),
    "retry_delays_seconds": (list, "a list of seconds"),
    "rclone": (list, "a list of words"),
    "environment": (dict, "names and texts"),
}
LOGS = {
    "prefix_zone": (str, "an IANA zone, for example UTC"),
    "start": (str, "an instant such as 2019-12-31T15:00:00Z"),
    "before_start": (str, "leave or copy"),
    "lateness_hours": (int, "hours, 0 or more"),
}
OF_LAYOUT = {
    HOURLY: LOGS,
    DAILY: LOGS,
    TREE: {
        "mode": (str, "copy or sync"),
        "max_delete": ((int, type(None)), "with mode sync a number, 0 or more; else null"),
    },
}


def parse_instant(text):
    """Seconds since 1970 of "2019-12-31T15:00:00Z"."""
    return float(calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ")))


def format_instant(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def datasets(folder=FOLDER):
    """Names of the datasets that have a configuration here."""
    try:
        return sorted(name[:-5] for name in os.listdir(folder) if name.endswith(".json"))
    except OSError:
        return []


def load(dataset, folder=FOLDER):
    """Reads and checks the configuration of a dataset."""
    path = os.path.join(folder, f"{dataset}.json")
    try:
        with open(path, encoding="utf-8") as file:
            raw = json.load(file)
    except FileNotFoundError:
        known = ", ".join(datasets(folder)) or "none"
        raise ConfigError(f"dataset {dataset!r} is not known on this host\n  allowed: {known}\n"
                          f"  try: ls {folder}; a new dataset comes with a deploy") from None
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: can't be read: {error}\n  try: deploy again; the file is rendered") from None
    return check(path, raw)


def check(path, raw):
    """Turns the file's content into a Config, or tells every mistake at once."""
    if not isinstance(raw, dict):
        raise ConfigError(f"{path}: {type(raw).__name__} found; allowed: an object\n  try: deploy again")
    layout = raw.get("layout")
    fields = {**COMMON, **(OF_LAYOUT.get(layout, {}) if isinstance(layout, str) else {})}
    problems = field_problems(raw, fields)
    if isinstance(layout, str) and layout in OF_LAYOUT:
        problems = problems or value_problems(raw)
    elif "layout" in raw:
        problems = [f"layout: {layout!r} found; allowed: {COMMON['layout'][1]}"]
    if problems:
        raise ConfigError(f"{path}: garbage\n  " + "\n  ".join(problems) + "\n  try: deploy again; the file is rendered")
    values = {**raw, "rclone": tuple(raw["rclone"]), "retry_delays_seconds": tuple(raw["retry_delays_seconds"])}
    if layout != TREE:
        values["start"] = parse_instant(raw["start"])
    return Config(**values)


def field_problems(raw, fields):
    problems = []
    for name, (types, allowed) in fields.items():
        if name not in raw:
            problems.append(f"{name}: missing; allowed: {allowed}")
        elif not isinstance(raw[name], types) or isinstance(raw[name], bool):
            problems.append(f"{name}: {raw[name]!r} found; allowed: {allowed}")
    return problems + [f"{name}: not known" for name in raw if name not in fields]


def value_problems(raw):
    problems = []

    def demand(name, good):
        if not good:
            problems.append(f"{name}: {raw[name]!r} found; allowed: {({**COMMON, **OF_LAYOUT[raw['layout']]})[name][1]}")

    demand("parallel", 1 <= raw["parallel"] <= 32)
    for name in ("late_after_hours", "bandwidth"):
        demand(name, raw[name] is None or raw[name] >= 1)
    demand("retry_delays_seconds", all(isinstance(delay, (int, float)) and delay >= 0 for delay in raw["retry_delays_seconds"]))
    if not raw["rclone"] or not all(isinstance(word, str) for word in raw["rclone"]):
        problems.append(f"rclone: {raw['rclone']!r} found; allowed: the program and its flags")
    if not all(isinstance(value, str) for value in raw["environment"].values()):
        problems.append("environment: allowed: names and texts")
    if raw["layout"] == TREE:
        demand("mode", raw["mode"] in (COPY, SYNC))
        demand("max_delete", raw["max_delete"] is None if raw["mode"] != SYNC else raw["max_delete"] is not None and raw["max_delete"] >= 0)
        return problems
    demand("start", is_instant(raw["start"]))
    demand("before_start", raw["before_start"] in ("leave", "copy"))
    demand("lateness_hours", raw["lateness_hours"] >= 0)
    # The C library takes an unknown zone for UTC and says nothing.
    if raw["prefix_zone"] != "UTC" and not os.path.isfile(os.path.join(ZONES, raw["prefix_zone"])):
        problems.append(f"prefix_zone: {raw['prefix_zone']!r} found; allowed: a zone under {ZONES} (package tzdata)")
    return problems


def is_instant(text):
    try:
        parse_instant(text)
        return True
    except ValueError:
        return False
