"""Runs rclone: lists a folder, copies a folder, moves objects away. What it did is read from its JSON log, never from its exit code alone."""
import csv
import io
import json
import os
import re
import signal
import subprocess
import threading
from typing import Dict, NamedTuple, Set

from .exits import OK, RETRY, STOP, meaning_of

# rclone 1.53 writes "server side", later ones "server-side".
BACKUP = re.compile(r"server.side")
# The latter two: what a dry run would copy, in the words of 1.54 and of 1.53.
COPIED = re.compile(r"Copied \(|Skipped copy|Not copying")
NOT_FOUND = 3
GRACE = 20  # seconds from TERM to KILL
# Failing names and refusals would take minutes with rclone's own defaults; this job does the trying again.
COMMON = ("--retries", "1", "--low-level-retries", "2", "--use-json-log", "--stats", "10m", "--stats-log-level", "NOTICE")


class Stopped(Exception):
    """The run was told to end."""


class RcloneError(Exception):
    """rclone failed for good on one folder. `fatal`: it would fail on every other one too."""

    def __init__(self, where, code, meaning, error, tries):
        self.where, self.code, self.meaning, self.tries = where, code, meaning, tries
        self.fatal = meaning.action == STOP
        self.cause = f"rclone ended with {code}: {meaning.text}"
        last = f": {error}" if error else ""
        super().__init__(f"{where}: rclone ended with {code} ({meaning.text}) after {tries} tr{'y' if tries == 1 else 'ies'}{last}")


class Entry(NamedTuple):
    size: int
    modified: str  # when the object was written, "2020-03-10 12:30:00" in UTC


class Copied(NamedTuple):
    objects: Set[str]  # copied in this call, relative to the folder
    replaced: Set[str]  # of these, those that took the place of an older copy


class Rclone:
    """`command`: the program and the flags of every call. `delays`: seconds before each further try. `bandwidth`: bytes a second."""

    def __init__(self, command, environment, parallel, delays, log, bandwidth=None):
        self._command = list(command)
        # Times in listings are local ones.
        self._environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": "/nonexistent", "LANG": "C.UTF-8", "TZ": "UTC", **environment}
        self._slots = threading.BoundedSemaphore(parallel)
        # Each rclone keeps to the limit by itself, so that under one they copy one after another. A number without B would be KiB.
        self._copies = threading.BoundedSemaphore(parallel if bandwidth is None else 1)
        self._limit = () if bandwidth is None else ("--bwlimit", f"{bandwidth}B")
        self._delays = tuple(delays)
        self._log = log
        self._stop = threading.Event()
        self._children: Set[subprocess.Popen] = set()

    def stop(self):
        """Ends running children and refuses new ones. Takes no lock: a signal handler calls it."""
        self._stop.set()
        self._signal(signal.SIGTERM)
        killer = threading.Timer(GRACE, self._signal, (signal.SIGKILL,))
        killer.daemon = True
        killer.start()

    def _signal(self, number):
        for child in list(self._children):
            try:
                child.send_signal(number)
            except OSError:
                pass

    @property
    def stopped(self):
        return self._stop.is_set()

    def list(self, path, missing=True) -> Dict[str, Entry]:
        """Objects below a folder; none if there is no such folder, unless that is an error (`missing` False)."""
        # With the server's time no object is asked for the time in its metadata; CSV, because a name can hold anything.
        flags = ("-R", "--files-only", "--fast-list", "--use-server-modtime", "--format", "pst", "--csv")
        code, out, _ = self._tries(f"list {path}", ("lsf", *flags, path), allowed=(0, NOT_FOUND) if missing else (0,))
        if code == NOT_FOUND:
            return {}
        return {name: Entry(int(size), modified) for name, size, modified in csv.reader(io.StringIO(out, newline=""))}

    def folders(self, path, depth=1, missing=False) -> Set[str]:
        """Folders below a path, "2020/01" for depth 2. A missing bucket is an error, unless `missing`."""
        flags = ("-R", "--dirs-only", "--max-depth", str(depth))
        code, out, _ = self._tries(f"list {path}", ("lsf", *flags, path), allowed=(0, NOT_FOUND) if missing else (0,))
        return set() if code == NOT_FOUND else {line.rstrip("/") for line in out.splitlines() if line}

    def copy(self, source, target, replaced, only=None, dry_run=False) -> Copied:
        """Copies a folder, or `only` these folders in it; what it would overwrite is moved to `replaced` first."""
        flags = ["--backup-dir", replaced, "--fast-list", "-v", *self._limit]
        for name in only or ():
            flags += ["--include", f"/{name}/**"]
        if dry_run:
            flags.append("--dry-run")
        objects: Set[str] = set()
        backups: Set[str] = set()

        def read(line):
            message, name = line.get("msg", ""), line.get("object")
            if BACKUP.search(message) and name:
                backups.add(name)
            elif COPIED.search(message) and name:
                objects.add(name)

        with self._copies:
            self._tries(f"copy {source}", ("copy", *flags, source, target), read)
        return Copied(objects, backups & objects)

    def move(self, source, target, names, most):
        """Moves these objects and no others; `most` is rclone's own bound, beyond which it deletes nothing more."""
        flags = ("--files-from-raw", "-", "--max-delete", str(most))
        self._tries(f"move {source}", ("move", *flags, source, target), stdin="".join(f"{name}\n" for name in sorted(names)))

    def _tries(self, where, arguments, read=lambda line: None, allowed=(0,), stdin=""):
        tries = 0
        while True:
            tries += 1
            code, out, error = self._once(arguments, read, stdin)
            meaning = meaning_of(code, error)
            if code in allowed or meaning.action == OK:
                return code, out, error
            if self.stopped:
                raise Stopped()
            if meaning.action != RETRY or tries > len(self._delays):
                raise RcloneError(where, code, meaning, error, tries)
            delay = self._delays[tries - 1]
            self._log.event("retry", "warning", where=where, code=code, meaning=meaning.text, error=error, wait=delay)
            if self._stop.wait(delay):
                raise Stopped()

    def _once(self, arguments, read, stdin):
        with self._slots:
            if self.stopped:
                raise Stopped()
            child = subprocess.Popen([*self._command, *arguments, *COMMON], env=self._environment, stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", errors="replace",
                                     start_new_session=True)  # ctrl-C reaches this job alone, which ends rclone in order
            self._children.add(child)
            if self.stopped:  # told so while it started
                child.terminate()
            try:
                errors = []
                reader = threading.Thread(target=read_log, args=(child.stderr, read, errors), daemon=True)
                reader.start()
                feed(child.stdin, stdin)
                out = child.stdout.read()
                code = child.wait()
                reader.join()
                return code, out, errors[-1] if errors else ""
            finally:
                if child.poll() is None:
                    child.kill()
                    child.wait()
                self._children.discard(child)
                child.stdout.close()
                child.stderr.close()


def feed(stream, text):
    """Hands rclone its standard input; one that ended early does not want it."""
    try:
        with stream:
            stream.write(text)
    except BrokenPipeError:
        pass


def read_log(stream, read, errors):
    """Hands each JSON line to `read`; keeps the errors. On failure rclone ends with a plain line that repeats the last one."""
    for text in stream:
        try:
            line = json.loads(text)
        except ValueError:
            line = None
        if not isinstance(line, dict):
            if text.strip() and not errors:
                errors.append(text.strip())
            continue
        if line.get("level") in ("error", "fatal", "critical"):
            name = line.get("object")
            errors.append(f"{name}: {line.get('msg')}" if name else str(line.get("msg")))
        read(line)
