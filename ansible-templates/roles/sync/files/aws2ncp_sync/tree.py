"""Datasets that are a whole prefix: listed whole in each run. With mode sync, what is gone at the source goes at the target too."""
from .carrier import Unconfirmed, join, unlike
from .config import SYNC
from .outcome import Done, NothingThere, TooMany

EVERYTHING = ("object", "a prefix with objects under it")


class Tree:
    def __init__(self, config, rclone, log, carrier, vanished, dry_run):
        self._config, self._rclone, self._log = config, rclone, log
        self._carrier, self._vanished, self._dry_run = carrier, vanished, dry_run

    def copy(self):
        """Copies the tree. Before anything is changed both sides are listed, and too large a deletion is refused."""
        wanted = self._source()
        sync = self._config.mode == SYNC
        if sync:
            self._allowed(set(self._rclone.list(self._config.target)) - set(wanted))
        carried = self._carrier.carry("", lambda name: True, wanted=wanted)
        gone = set(carried.there) - set(carried.wanted) - carried.objects
        if sync:
            new = in_all = deleted = self._delete({name: carried.there[name] for name in gone})
        else:
            new, in_all = self._vanished.report("", gone, lambda name: True, self._source)
            deleted = 0
        return Done(folders=len({name.rpartition("/")[0] for name in carried.wanted}), objects=len(carried.objects), bytes=carried.bytes,
                    replaced=len(carried.replaced), confirmed=0 if self._dry_run else len(carried.wanted), deleted=deleted,
                    vanished=new, vanished_in_all=in_all)

    def _source(self):
        """The source's objects. None at all is never taken for the truth, nor is a source that can't be reached."""
        found = self._rclone.list(self._config.source, missing=False)
        if not found:
            raise NothingThere(self._config.source, EVERYTHING)
        return found

    def _allowed(self, gone):
        if len(gone) > self._config.max_delete:
            raise TooMany(self._config.target, len(gone), self._config.max_delete)

    def _delete(self, gone):
        """Moves objects into the bucket of replaced ones, and proves it; how many.

        rclone's own `sync` would list again and go by what it sees then; a source emptied in between would cost up to
        max_delete objects. So the names are decided here, after the copy is proved, and those alone are moved.
        """
        if not gone:
            return 0
        fresh = self._source()  # the copy may have taken hours
        gone = {name: entry for name, entry in gone.items() if name not in fresh}
        self._allowed(gone)
        if self._dry_run or not gone:
            for name in sorted(gone):
                self._log.event("would delete", object=name)
            return len(gone)
        kept = self._carrier.kept()
        self._rclone.move(self._config.target, kept, gone, self._config.max_delete)
        for name in sorted(gone):
            self._log.event("deleted", "warning", object=name, kept=join(kept, name))
        still = sorted(set(gone) & set(self._rclone.list(self._config.target)))
        if still:
            raise Unconfirmed(self._config.target, f"{len(still)} of {len(gone)} objects are still there, though rclone reported success", still[0])
        lost = unlike(gone, self._rclone.list(kept))
        if lost:
            raise Unconfirmed(kept, f"{len(lost)} of {len(gone)} deleted objects were not kept, or not in their size", lost[0])
        return len(gone)
