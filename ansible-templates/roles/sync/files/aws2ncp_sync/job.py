"""One run: which folders, copied how, confirmed how, and the status that tells of it."""
import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from .config import format_instant
from .rclone import Rclone, RcloneError, Stopped
from .window import Day, days_in, full_window, next_window

OK, FAILED, USAGE, BUSY = 0, 1, 2, 75
# Beyond this many days the folders that exist are listed first, instead of asking for each day of the calendar.
FEW_DAYS = 3
# A full run waits for the window run before it; else a short schedule would never let it start.
FULL_WAITS_SECONDS = 3600.0


class Unconfirmed(Exception):
    """After the copy, objects of the source are not at the target, or not in their size."""


class NothingThere(Exception):
    """The source has no folder at all: the prefix is wrong, or somebody emptied the bucket."""


class Done(NamedTuple):
    folders: int
    objects: int
    bytes: int
    replaced: int
    confirmed: int


NONE = Done(0, 0, 0, 0, 0)


class Job:
    def __init__(self, config, state, log, rclone: Rclone, clock=time.time):
        self._config, self._state, self._log, self._rclone, self._clock = config, state, log, rclone, clock
        self._abort = False
        self.signal = 0

    def stop(self, number):
        self.signal = number
        self._rclone.stop()

    def run(self, full=False, dry_run=False):
        """Runs to the end, writes the status (not in a dry run), returns it."""
        config = self._config
        started = self._clock()
        held = None if dry_run else self._state.lock(started, FULL_WAITS_SECONDS if full else 0.0, lambda: self._rclone.stopped)
        started = self._clock()
        window = full_window(started, config.start) if full else next_window(started, config.start, self._state.done(), config.lateness_hours)
        mode = "full" if full else "window"
        self._run = f"{format_instant(started).replace(':', '')}-{os.getpid()}"
        self._log.event("started", mode=mode, start=format_instant(window.start), end=format_instant(window.end), dry_run=dry_run)
        total, code, meaning = self._copy(window, dry_run)
        finished = self._clock()
        status = {
            "dataset": config.dataset, "mode": mode, "window": {"from": format_instant(window.start), "to": format_instant(window.end)},
            **total._asdict(), "seconds": round(finished - started, 3), "exit": code, "exitMeaning": meaning, "pid": os.getpid(),
            "started": format_instant(started), "finished": format_instant(finished), "ok": code == OK,
        }
        self._log.event("finished", "info" if code == OK else "error", **{k: v for k, v in status.items() if k not in ("dataset", "pid")})
        if not dry_run:
            self._state.save_status(status)
            held.close()
        return status

    def _copy(self, window, dry_run):
        """Copies the days of a window; the sums, an exit code and what it means."""
        total, failures = NONE, []
        done = self._state.done()
        gap = False
        try:
            days = self._days(window)
            with ThreadPoolExecutor(self._config.parallel) as pool:
                for day, future in [(day, pool.submit(self._day, day, dry_run)) for day in days]:
                    try:
                        total = Done(*map(sum, zip(total, future.result())))
                    except (RcloneError, Unconfirmed) as error:
                        gap = True
                        failures.append(error)
                        self._log.event("failed", "error", folder=day.path, error=str(error))
                    # A backlog of years that is ended half way goes on from here, not from its beginning.
                    if not gap and not dry_run and not self._rclone.stopped and not self._abort and (done is None or day.end > done):
                        done = day.end
                        self._state.save_done(done)
            if not failures and not dry_run:
                self._state.save_done(window.end)
        except Stopped:
            pass
        except (RcloneError, NothingThere) as error:
            failures.append(error)
        except FileNotFoundError as error:
            return total, USAGE, f"{error.filename}: not installed\n  try: deploy again; the role rclone installs it"
        if self._rclone.stopped:
            return total, 128 + self.signal, f"stopped by signal {self.signal} before its end; the next run goes on"
        if failures:
            more = f" (and {len(failures) - 1} more failures)" if len(failures) > 1 else ""
            return total, FAILED, f"{failures[0]}{more}"
        return total, OK, "done"

    def _days(self, window):
        """Days of the window that can hold something. Asks the source in any case: a missing bucket must not look empty."""
        days = days_in(window, self._config.prefix_zone) if window.start <= window.end else []
        if len(days) <= FEW_DAYS:
            found = self._rclone.folders(self._config.source)
        else:
            found = self._rclone.folders(self._config.source, depth=3)
            days = [day for day in days if day.path in found]
        if not found:
            raise NothingThere(f"{self._config.source}: nothing there, not one folder\n"
                               "  allowed: folders YYYY/MM/DD/HH\n  try: look at the dataset's source bucket and prefix in the pipeline file")
        return days

    def _day(self, day: Day, dry_run):
        if self._abort:
            return NONE
        try:
            return self._copy_day(day, dry_run)
        except RcloneError as error:
            self._abort = self._abort or error.fatal
            raise

    def _copy_day(self, day, dry_run):
        source, target = f"{self._config.source}/{day.path}", f"{self._config.target}/{day.path}"
        wanted = self._wanted(source, day)
        if not wanted:
            return NONE
        objects, replaced = self._copy_folders(day, wanted, dry_run)
        if dry_run:
            return Done(len(hours_of(wanted)), len(objects), sum(wanted.get(name, 0) for name in objects), len(replaced), 0)
        there = self._rclone.list(target)
        if unlike(wanted, there):
            # An object may have been replaced or have expired while the copy ran: look again before crying.
            wanted = self._wanted(source, day)
            if unlike(wanted, there):
                more, moved = self._copy_folders(day, wanted, dry_run)
                objects, replaced = objects | more, replaced | moved
                there = self._rclone.list(target)
        missing = unlike(wanted, there)
        if missing:
            raise Unconfirmed(f"{target}: {len(missing)} of {len(wanted)} objects are missing or of another size, "
                              f"though rclone reported success; the first: {missing[0]}")
        size = sum(there.get(name, 0) for name in objects)
        return Done(len(hours_of(wanted)), len(objects), size, len(replaced), len(wanted))

    def _wanted(self, source, day):
        return {name: size for name, size in self._rclone.list(source).items() if name[2:3] == "/" and name[:2] in day.hours}

    def _copy_folders(self, day, wanted, dry_run):
        """One copy for a whole day, else one an hour: a copy lists what it is pointed at, so it is pointed at no more than needed."""
        parts = [""] if day.whole else [f"/{hour}" for hour in hours_of(wanted)]
        objects, replaced = set(), set()
        with ThreadPoolExecutor(len(parts)) as pool:
            for one, other in pool.map(lambda part: self._copy_folder(day.path + part, part.lstrip("/"), dry_run), parts):
                objects |= one
                replaced |= other
        return objects, replaced

    def _copy_folder(self, folder, hour, dry_run):
        config = self._config
        # A folder of its own per run: nothing that was kept is ever overwritten itself.
        kept = f"{config.replaced}/{self._run}/{folder}"
        copied = self._rclone.copy(f"{config.source}/{folder}", f"{config.target}/{folder}", kept, hour == "", dry_run)
        for name in sorted(copied.objects):
            if dry_run:
                self._log.event("would copy", object=f"{folder}/{name}")
            elif name in copied.replaced:
                self._log.event("replaced", "warning", object=f"{folder}/{name}", kept=f"{kept}/{name}")
            else:
                self._log.event("copied", object=f"{folder}/{name}")
        prefix = f"{hour}/" if hour else ""
        return {prefix + name for name in copied.objects}, {prefix + name for name in copied.replaced}


def hours_of(names):
    return sorted({name[:2] for name in names})


def unlike(wanted, there):
    """Names that are not there in their size."""
    return sorted(name for name, size in wanted.items() if there.get(name) != size)
