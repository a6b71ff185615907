"""What a run tells though it is no failure: objects that vanished at the source, changes where nothing should change."""
import threading

from .carrier import join

NAMES_LOGGED = 1000  # a run's log names no more vanished objects than these; the count goes on


class Vanished:
    """Objects at the target whose source is gone. Logs expire, which is normal: each is told once, and counted in every run.

    What was told is remembered in one file per folder, so that a run reads those of the folders it looks at and no others.
    """

    def __init__(self, state, log, dry_run):
        self._state, self._log, self._dry_run = state, log, dry_run
        self._lock = threading.Lock()
        self._left = NAMES_LOGGED

    def report(self, folder, gone, covers, again):
        """Of `gone`, names below the folder, how many are new and how many there are. `again` lists the source once more.

        What `covers` does not take was not looked at in this run: what is remembered of it stays.
        """
        told = self._state.told(folder)
        if not gone and not told:
            return 0, 0
        if gone - told:  # one that arrived between the listing and the copy has not vanished
            gone = gone - set(again())
        new = sorted(gone - told)
        with self._lock:
            named, self._left = new[:self._left], max(0, self._left - len(new))
        for name in named:
            self._log.event("vanished", "warning", object=join(folder, name))
        kept = gone | {name for name in told if not covers(name)}
        if not self._dry_run and kept != told:
            self._state.save_told(folder, kept)
        return len(new), len(gone)
