"""What a dataset's runs leave behind: locks, the end of the last good window, a status per run, what was told."""
import fcntl
import json
import os
import pwd
import re
import time
from typing import Optional, Set

from .config import format_instant, parse_instant

RUNS_KEPT = 1000


class Busy(Exception):
    """Another run of the dataset is under way."""


class StateError(Exception):
    """The state folder can't be used; the message says why and what to do."""


def staged(path):
    """Where a file is written before it takes its place: a full run and a window run may write a status at the same time."""
    return f"{path}.{os.getpid()}.new"


def stage_json(path, value):
    """Writes a file beside its place, whole and on the disk; commit_json puts it there."""
    new = staged(path)
    try:
        with open(new, "w", encoding="utf-8") as file:
            json.dump(value, file, indent=2, sort_keys=True)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        try:
            os.unlink(new)
        except OSError:
            pass
        raise unwritable(path, error) from None


def commit_json(path):
    try:
        os.replace(staged(path), path)
    except OSError as error:
        raise unwritable(path, error) from None


def write_json(path, value):
    """Writes a file that is complete or not there: a reader never sees half of it, nor does a crash leave it."""
    stage_json(path, value)
    commit_json(path)


def unwritable(path, error):
    folder = os.path.dirname(path)
    return StateError(f"{path}: can't be written: {error.strerror}\n  try: df -h {folder}; ls -ld {folder}")


def read_json(path):
    """The file's content; None if it is missing or garbage."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def done_in(folder) -> Optional[float]:
    """End of what was copied without a gap, by a dataset's state folder."""
    try:
        return parse_instant(read_json(os.path.join(folder, "progress.json"))["end"])
    except (TypeError, KeyError, ValueError):
        return None


def running_since(folder, locks="/proc/locks") -> Optional[str]:
    """Since when a run holds a lock of a dataset; None if none does. Takes no lock: a run that begins at that moment would give way."""
    try:
        with open(locks, encoding="utf-8") as file:
            held = {(words[4], words[5].rpartition(":")[2]) for words in map(str.split, file) if words[1:2] == ["FLOCK"]}
    except (OSError, IndexError):
        return None
    found = []
    for name in ("lock", "lock-full"):
        path = os.path.join(folder, name)
        try:
            with open(path, encoding="utf-8") as file:
                pid, since = re.match(r"pid (\d+) since (\S+)$", file.read().strip()).groups()
            if (pid, str(os.stat(path).st_ino)) in held:
                found.append(since)
        except (OSError, AttributeError, ValueError):
            pass  # none, or of a run that is just beginning
    return min(found, default=None)


def refuse_root(folder, command):
    """Root would leave files that the folder's own account can't change."""
    if os.geteuid() == 0 and os.path.isdir(folder) and os.stat(folder).st_uid != 0:
        owner = pwd.getpwuid(os.stat(folder).st_uid).pw_name
        raise StateError(f"root must not run this: it would leave files that {owner} can't change\n"
                         f"  try: sudo -u {owner} {command}")


class State:
    def __init__(self, folder, requires_mount=None):
        self.folder = folder
        if requires_mount is not None and not os.path.ismount(requires_mount):
            raise StateError(f"{requires_mount}: the volume is not mounted, so what was copied before is not known\n"
                             f"  try: systemctl status '*.mount'; mount {requires_mount}")
        refuse_root(folder, "aws2ncp-sync …")
        try:
            os.makedirs(os.path.join(folder, "runs"), exist_ok=True)
        except OSError as error:
            raise StateError(f"{folder}: can't be made: {error.strerror}\n  try: ls -ld {os.path.dirname(folder)}") from None

    def path(self, name):
        return os.path.join(self.folder, name)

    def lock(self, started, wait=0.0, stopped=lambda: False, name="lock"):
        """Takes a lock of the dataset until this process ends, whatever way it ends; waits for it `wait` seconds at most."""
        try:
            file = open(self.path(name), "a+", encoding="utf-8")
        except OSError as error:
            raise StateError(f"{self.path(name)}: can't be opened: {error.strerror}\n  try: ls -l {self.folder}") from None
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() < deadline and not stopped():
                    time.sleep(0.2)
                    continue
                file.seek(0)
                holder = file.read().strip() or "unknown"
                file.close()
                raise Busy(f"another run is under way ({holder})") from None
        try:
            file.truncate(0)
            file.write(f"pid {os.getpid()} since {format_instant(started)}\n")
            file.flush()
        except OSError:
            pass  # the words are for people; the lock is held all the same
        return file

    def done(self) -> Optional[float]:
        """End of what was copied without a gap. Garbage counts as nothing: everything is looked at again, nothing lost."""
        return done_in(self.folder)

    def save_done(self, end):
        write_json(self.path("progress.json"), {"end": format_instant(end)})

    def told(self, folder) -> Set[str]:
        """Names below a folder that were told to have vanished. Garbage counts as none: they are told once more."""
        names = read_json(self._told_path(folder))
        return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()

    def save_told(self, folder, names):
        path = self._told_path(folder)
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if not names and os.path.exists(path):
                os.unlink(path)
        except OSError as error:
            raise unwritable(path, error) from None
        if names:
            write_json(path, sorted(names))

    def _told_path(self, folder):
        return os.path.join(self.path("vanished"), f"{folder.replace('/', '-') or 'all'}.json")

    def status(self):
        """The last run's status; empty if there is none, or garbage."""
        status = read_json(self.path("status.json"))
        return status if isinstance(status, dict) else {}

    def save_status(self, status):
        """status.json is the last run's; runs/ keeps the history."""
        stamp = status["started"].replace(":", "")
        write_json(self.path("status.json"), status)
        write_json(os.path.join(self.path("runs"), f"{stamp}-{status['pid']}.json"), status)
        for name in sorted(os.listdir(self.path("runs")))[:-RUNS_KEPT]:
            try:
                os.unlink(os.path.join(self.path("runs"), name))
            except FileNotFoundError:
                pass  # another run did it
