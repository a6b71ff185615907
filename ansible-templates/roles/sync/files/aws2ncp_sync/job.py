"""One run: its lock, its layout's work, and the status that tells of it."""
import os
import time

from .carrier import Carrier, Unconfirmed
from .config import TREE, format_instant
from .logs import Logs
from .outcome import NothingThere, Outcome, TooMany
from .rclone import Rclone, RcloneError, Stopped
from .reports import Vanished
from .tree import Tree
from .window import full_window, next_window

OK, FAILED, USAGE, BUSY = 0, 1, 2, 75
# A full run waits for the window run before it; else a short schedule would never let it start.
FULL_WAITS_SECONDS = 3600.0


class Job:
    def __init__(self, config, state, log, rclone: Rclone, clock=time.time):
        self._config, self._state, self._log, self._rclone, self._clock = config, state, log, rclone, clock
        self.signal = 0

    def stop(self, number):
        self.signal = number
        self._rclone.stop()

    def run(self, full=False, dry_run=False):
        """Runs to the end, writes the status (not in a dry run), returns it."""
        locks = [] if dry_run else self._locks(full)
        started = self._clock()
        window = self._window(started, full)
        mode = self._config.mode if window is None else "full" if full else "window"
        instants = None if window is None else {"from": format_instant(window.start), "to": format_instant(window.end)}
        self._log.event("started", mode=mode, window=instants, dry_run=dry_run)
        outcome = Outcome()
        code, meaning, cause = self._judged(lambda: self._work(window, full, dry_run, f"{format_instant(started).replace(':', '')}-{os.getpid()}",
                                                               outcome, locks), outcome)
        status = self._status(mode, instants, started, outcome.total, code, meaning, cause)
        self._log.event("finished", "info" if code == OK else "error", **{k: v for k, v in status.items() if k not in ("dataset", "pid")})
        if not dry_run:
            self._state.save_status(status)
        for lock in locks:
            lock.close()
        return status

    def _locks(self, full):
        """Full runs follow one another; a window run goes on beside that part of one that lies before the start."""
        now = self._clock()
        locks = [self._state.lock(now, name="lock-full")] if full else []
        return [*locks, self._state.lock(now, FULL_WAITS_SECONDS if full else 0.0, lambda: self._rclone.stopped)]

    def _window(self, now, full):
        config = self._config
        if config.layout == TREE:
            return None
        return full_window(now, config.start) if full else next_window(now, config.start, self._state.done(), config.lateness_hours)

    def _work(self, window, full, dry_run, run, outcome, locks):
        config = self._config
        carrier = Carrier(config, self._rclone, self._log, run, dry_run)
        vanished = Vanished(self._state, self._log, dry_run)
        if window is None:
            outcome.add(Tree(config, self._rclone, self._log, carrier, vanished, dry_run).copy())
            return
        logs = Logs(config, self._state, self._rclone, self._log, carrier, vanished, outcome, dry_run)
        logs.copy_window(window)
        if full and config.before_start == "copy" and not outcome.failures:
            if locks:
                locks.pop().close()
            logs.copy_before()

    def _judged(self, work, outcome):
        """Does the work; an exit code, what it means, and the same in words that name no object."""
        try:
            work()
        except Stopped:
            pass
        except (RcloneError, NothingThere, TooMany, Unconfirmed) as error:
            outcome.failures.append(error)
        except FileNotFoundError as error:
            return USAGE, f"{error.filename}: not installed\n  try: deploy again; the role rclone installs it", "rclone is not installed"
        if self._rclone.stopped:
            meaning = f"stopped by signal {self.signal} before its end; the next run goes on"
            return 128 + self.signal, meaning, meaning
        if outcome.failures:
            first = outcome.failures[0]
            more = f" (and {len(outcome.failures) - 1} more failures)" if len(outcome.failures) > 1 else ""
            return FAILED, f"{first}{more}", f"{first.cause}{more}"
        told = outcome.reports()
        return OK, f"done; {told}" if told else "done", "done"

    def _status(self, mode, window, started, total, code, meaning, cause):
        finished = self._clock()
        before = self._state.status().get("lastGood")
        return {
            "dataset": self._config.dataset, "layout": self._config.layout, "mode": mode, "window": window,
            "folders": total.folders, "objects": total.objects, "bytes": total.bytes, "replaced": total.replaced,
            "confirmed": total.confirmed, "deleted": total.deleted, "vanished": total.vanished, "vanishedInAll": total.vanished_in_all,
            "changedClosed": total.changed_closed, "seconds": round(finished - started, 3), "exit": code, "exitMeaning": meaning,
            "cause": cause, "pid": os.getpid(), "started": format_instant(started), "finished": format_instant(finished), "ok": code == OK,
            "lastGood": format_instant(finished) if code == OK else before if isinstance(before, str) else None,
        }
