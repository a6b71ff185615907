"""When a folder's log is there. Pure: the caller brings the time and what was listed."""
import datetime
from typing import NamedTuple, Optional

READY, WAIT, EMPTY, MISSING = "ready", "wait", "empty", "missing"


class Found(NamedTuple):
    objects: int
    newest: Optional[datetime.datetime]
    later: bool  # whether a later folder has objects


class Verdict(NamedTuple):
    state: str
    why: str


def judge(found: Found, ended: datetime.datetime, lateness: datetime.timedelta, settle: datetime.timedelta, now: datetime.datetime) -> Verdict:
    """
    Ready: the hour is over, there are objects, and none came within the last minutes: the sync copies what it finds in one go.
    More may come until the lateness is over; the DAG of late objects counts again after that.
    Empty: there are none, but the log has gone on: nothing happened, and Firehose writes no empty object.
    Missing: there are none, the log has not gone on, and its lateness is over: the sync or the source stands still.
    """
    if now < ended + settle:
        return Verdict(WAIT, f"over at {ended:%Y-%m-%dT%H:%MZ}, and settled {settle.seconds // 60} minutes later")
    if found.objects > 0:
        if found.newest is not None and now - found.newest < settle:
            return Verdict(WAIT, f"{found.objects} objects, the newest of {found.newest:%H:%M:%SZ}: more may be coming")
        return Verdict(READY, f"{found.objects} objects")
    if found.later:
        return Verdict(EMPTY, "no object, and later folders have some: nothing happened then")
    if now >= ended + lateness:
        return Verdict(MISSING, f"no object, {lateness} after its end, and none later: see what the sync says (aws2ncp status)")
    return Verdict(WAIT, "no object yet, here or later")
