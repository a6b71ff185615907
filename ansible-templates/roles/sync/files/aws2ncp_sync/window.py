"""Which folders a run looks at: PREFIX/YYYY/MM/DD/HH/ or PREFIX/YYYY/MM/DD/, named in the dataset's zone."""
import os
import time
from typing import Dict, List, NamedTuple, Optional, Set

HOUR = 3600
DAY = 24 * HOUR
QUARTER = 900  # zones are offset by whole quarters of an hour
ALL_HOURS = frozenset(f"{hour:02}" for hour in range(24))


class Window(NamedTuple):
    """Seconds since 1970, both ends included."""
    start: float
    end: float


def next_window(now, start, done, lateness_hours):
    """The window of a run: from where the last good one ended, less the time by which objects may be late.

    `done` is the end of the last good run, None before the first. A clock that was set back never skips anything.
    """
    if done is None:
        return Window(start, now)
    return Window(max(start, min(done, now) - lateness_hours * HOUR), now)


def full_window(now, start):
    return Window(start, now)


class Day(NamedTuple):
    path: str  # "2020/01/31"
    hours: Optional[Set[str]]  # "00" to "23": those inside the window; None: the day has no folders of hours
    whole: bool  # nothing of it need be left out: the window begins no later than the day does
    end: float  # when its last hour inside the window is over

    def covers(self, name):
        """Whether an object's name below the day, "13/a", belongs to what is looked at."""
        return self.hours is None or (name[2:3] == "/" and name[:2] in self.hours)


def use_zone(zone):
    """Has this process's local time be that of a zone."""
    os.environ["TZ"] = zone
    time.tzset()


def days_in(window, zone, hourly=True) -> List[Day]:
    """Days of a window, oldest first."""
    use_zone(zone)
    hours: Dict[str, Set[str]] = {}
    ends: Dict[str, float] = {}
    moment = window.start - window.start % QUARTER
    while moment <= window.end:
        local = time.localtime(moment)
        day = time.strftime("%Y/%m/%d", local)
        hours.setdefault(day, set()).add(time.strftime("%H", local))
        ends[day] = moment + QUARTER
        moment += QUARTER
    return [Day(day, found if hourly else None, not hourly or "00" in found, min(ends[day], window.end)) for day, found in hours.items()]


def folder_end(path, zone):
    """When the time after which a folder is named is over: "2020/01/31" or "2020/01/31/13"."""
    use_zone(zone)
    year, month, day, *hour = (int(part) for part in path.split("/"))
    # mktime carries hour 24 and day 32 over; the first moment of the next folder is not one of a repeated hour.
    return time.mktime((year, month, day, hour[0] + 1, 0, 0, 0, 0, -1) if hour else (year, month, day + 1, 0, 0, 0, 0, 0, -1))
