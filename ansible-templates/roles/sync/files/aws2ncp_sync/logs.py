"""Datasets in folders named after time: which days are copied, and what is told of them."""
import re
import time
from concurrent.futures import ThreadPoolExecutor

from .carrier import Unconfirmed, join
from .config import HOURLY
from .outcome import Done, NothingThere
from .rclone import RcloneError
from .window import ALL_HOURS, DAY, Day, Window, days_in, folder_end

# Beyond this many days the folders that exist are listed first, instead of asking for each day of the calendar.
FEW_DAYS = 3
DAY_FOLDER = re.compile(r"\d{4}/\d{2}/\d{2}")
LAYOUTS = {True: "folders YYYY/MM/DD/HH", False: "folders YYYY/MM/DD"}


class Logs:
    """One run's work on a dataset. `failures` and sums go to `outcome`."""

    def __init__(self, config, state, rclone, log, carrier, vanished, outcome, dry_run):
        self._config, self._state, self._rclone, self._log = config, state, rclone, log
        self._carrier, self._vanished, self._outcome, self._dry_run = carrier, vanished, outcome, dry_run
        self._hourly = config.layout == HOURLY
        self._abort = False

    def copy_window(self, window):
        """Copies the days of a window, oldest first; the watermark follows as far as none has failed.

        What it asks of either side depends on the window, never on how much there is beside it.
        """
        done, gap = self._state.done(), False
        for day, good in self._each(self._days(window)):
            gap = gap or not good
            # A backlog of years that is ended half way goes on from here, not from its beginning.
            if not (gap or self._dry_run or self._rclone.stopped) and (done is None or day.end > done):
                done = day.end
                self._state.save_done(done)
        if not self._outcome.failures and not self._dry_run:
            self._state.save_done(window.end)

    def copy_before(self):
        """Copies what lies in folders from before the start, as far as either side has any. Leaves the watermark alone."""
        first = self._days_in(Window(self._config.start, self._config.start + DAY))[0]
        found = {path for side in (self._config.source, self._config.target)
                 for path in self._rclone.folders(side, depth=3, missing=True) if DAY_FOLDER.fullmatch(path)}
        days = [Day(path, set(ALL_HOURS) if self._hourly else None, True, 0.0) for path in sorted(found) if path < first.path]
        if self._hourly and first.path in found and ALL_HOURS - first.hours:
            days.append(Day(first.path, ALL_HOURS - first.hours, False, 0.0))
        for _ in self._each(days):
            pass

    def _each(self, days):
        """Copies days, several at a time; yields each with whether it went well, in their order."""
        with ThreadPoolExecutor(self._config.parallel) as pool:
            for day, future in [(day, pool.submit(self._day, day)) for day in days]:
                good = False
                try:
                    done = future.result()
                    if done is not None:
                        good = True
                        self._outcome.add(done)
                except (RcloneError, Unconfirmed) as error:
                    self._outcome.failures.append(error)
                    self._log.event("failed", "error", folder=day.path, error=str(error))
                yield day, good

    def _days(self, window):
        """Days of a window that can hold something. Asks the source in any case: a missing bucket must not look empty."""
        if not self._rclone.folders(self._config.source):
            raise NothingThere(self._config.source, ("folder", LAYOUTS[self._hourly]))
        days = self._days_in(window)
        if len(days) <= FEW_DAYS:
            return days
        there = self._existing({day.path[:7] for day in days})
        return [day for day in days if day.path in there]

    def _days_in(self, window):
        return days_in(window, self._config.prefix_zone, self._hourly) if window.start <= window.end else []

    def _existing(self, months):
        """Days in these months that either side has."""
        def listed(path):
            side, month = path
            return {f"{month}/{day}" for day in self._rclone.folders(join(side, month), missing=True)}

        paths = [(side, month) for side in (self._config.source, self._config.target) for month in sorted(months)]
        with ThreadPoolExecutor(self._config.parallel) as pool:
            return set().union(*pool.map(listed, paths))

    def _day(self, day):
        """What came of a day; None if it was not begun, since another has shown that it would fail the same way."""
        if self._abort:
            return None
        try:
            return self._copy_day(day)
        except RcloneError as error:
            self._abort = self._abort or error.fatal
            raise

    def _copy_day(self, day):
        def source():
            return self._rclone.list(join(self._config.source, day.path))

        def folders_of(names):
            return {name[:2] for name in names} if self._hourly else {""} if names else set()

        # One rclone for all hours of a day: each start costs more than what an hour's listing does.
        carried = self._carrier.carry(day.path, day.covers, None if day.whole else lambda wanted: sorted(folders_of(wanted)))
        gone = set(carried.there) - set(carried.wanted) - carried.objects
        new, in_all = self._vanished.report(day.path, gone, day.covers, source)
        return Done(folders=len(folders_of(carried.wanted)), objects=len(carried.objects), bytes=carried.bytes,
                    replaced=len(carried.replaced), confirmed=0 if self._dry_run else len(carried.wanted),
                    vanished=new, vanished_in_all=in_all, changed_closed=self._changed_closed(day, carried))

    def _changed_closed(self, day, carried):
        """Counts and names what was replaced by a version written when its folder's time was over."""
        count = 0
        for name in sorted(carried.replaced & set(carried.wanted)):
            end = folder_end(join(day.path, name[:2]) if self._hourly else day.path, self._config.prefix_zone)
            if carried.wanted[name].modified >= time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(end)):
                count += 1
                self._log.event("changed closed", "warning", object=join(day.path, name), modified=carried.wanted[name].modified)
        return count
