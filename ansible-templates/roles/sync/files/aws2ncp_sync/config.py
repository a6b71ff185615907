"""The job's configuration: one JSON file per dataset, rendered from the pipeline file."""
import calendar
import json
import os
import time
from typing import Dict, NamedTuple, Optional, Tuple

FOLDER = "/etc/aws2ncp/sync"
ZONES = "/usr/share/zoneinfo"


class ConfigError(Exception):
    """The job can't start; the message says which value is wrong and what is allowed."""


class Config(NamedTuple):
    dataset: str
    source: str  # "aws:bucket/prefix", no slash at the end
    target: str
    replaced: str  # where copies that would be overwritten are kept
    prefix_zone: str
    start: float  # seconds since 1970
    lateness_hours: int
    state_folder: str
    log_file: str
    requires_mount: Optional[str]
    parallel: int
    retry_delays_seconds: Tuple[float, ...]
    rclone: Tuple[str, ...]  # the program and the flags of every call
    environment: Dict[str, str]


# name: (types, what is allowed)
FIELDS = {
    "dataset": (str, "a name"),
    "source": (str, "REMOTE:BUCKET/PREFIX"),
    "target": (str, "REMOTE:BUCKET/PREFIX"),
    "replaced": (str, "REMOTE:BUCKET/PREFIX"),
    "prefix_zone": (str, "an IANA zone, for example UTC"),
    "start": (str, "an instant such as 2019-12-31T15:00:00Z"),
    "lateness_hours": (int, "hours, 0 or more"),
    "state_folder": (str, "an absolute path"),
    "log_file": (str, "an absolute path"),
    "requires_mount": ((str, type(None)), "an absolute path or null"),
    "parallel": (int, "1 to 32"),
    "retry_delays_seconds": (list, "a list of seconds"),
    "rclone": (list, "a list of words"),
    "environment": (dict, "names and texts"),
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
    problems = []
    if not isinstance(raw, dict):
        raise ConfigError(f"{path}: {type(raw).__name__} found; allowed: an object\n  try: deploy again")
    for name, (types, allowed) in FIELDS.items():
        if name not in raw:
            problems.append(f"{name}: missing; allowed: {allowed}")
        elif not isinstance(raw[name], types) or isinstance(raw[name], bool):
            problems.append(f"{name}: {raw[name]!r} found; allowed: {allowed}")
    problems += [f"{name}: not known" for name in raw if name not in FIELDS]
    problems = problems or value_problems(raw)
    if problems:
        raise ConfigError(f"{path}: garbage\n  " + "\n  ".join(problems) + "\n  try: deploy again; the file is rendered")
    values = {**raw, "start": parse_instant(raw["start"]), "rclone": tuple(raw["rclone"]),
              "retry_delays_seconds": tuple(raw["retry_delays_seconds"])}
    return Config(**values)


def value_problems(raw):
    problems = []
    try:
        parse_instant(raw["start"])
    except ValueError:
        problems.append(f"start: {raw['start']!r} found; allowed: {FIELDS['start'][1]}")
    if not 1 <= raw["parallel"] <= 32:
        problems.append(f"parallel: {raw['parallel']} found; allowed: 1 to 32")
    if raw["lateness_hours"] < 0:
        problems.append(f"lateness_hours: {raw['lateness_hours']} found; allowed: 0 or more")
    if not all(isinstance(delay, (int, float)) and delay >= 0 for delay in raw["retry_delays_seconds"]):
        problems.append(f"retry_delays_seconds: {raw['retry_delays_seconds']!r} found; allowed: seconds, 0 or more")
    if not raw["rclone"] or not all(isinstance(word, str) for word in raw["rclone"]):
        problems.append(f"rclone: {raw['rclone']!r} found; allowed: the program and its flags")
    if not all(isinstance(value, str) for value in raw["environment"].values()):
        problems.append("environment: allowed: names and texts")
    # The C library takes an unknown zone for UTC and says nothing.
    if raw["prefix_zone"] != "UTC" and not os.path.isfile(os.path.join(ZONES, raw["prefix_zone"])):
        problems.append(f"prefix_zone: {raw['prefix_zone']!r} found; allowed: a zone under {ZONES} (package tzdata)")
    return problems
