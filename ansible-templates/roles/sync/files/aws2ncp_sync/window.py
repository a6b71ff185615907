"""Which folders a run looks at. Folders are PREFIX/YYYY/MM/DD/HH/, named in the dataset's zone."""
import os
import time
from typing import Dict, List, NamedTuple, Set

HOUR = 3600
QUARTER = 900  # zones are offset by whole quarters of an hour


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
    hours: Set[str]  # "00" to "23": those inside the window
    whole: bool  # the window begins no later than the day does: one copy does for all of it
    end: float  # when its last hour inside the window is over


def days_in(window, zone) -> List[Day]:
    """Days of a window, oldest first."""
    os.environ["TZ"] = zone
    time.tzset()
    hours: Dict[str, Set[str]] = {}
    ends: Dict[str, float] = {}
    moment = window.start - window.start % QUARTER
    while moment <= window.end:
        local = time.localtime(moment)
        day = time.strftime("%Y/%m/%d", local)
        hours.setdefault(day, set()).add(time.strftime("%H", local))
        ends[day] = moment + QUARTER
        moment += QUARTER
    return [Day(day, found, "00" in found, min(ends[day], window.end)) for day, found in hours.items()]
