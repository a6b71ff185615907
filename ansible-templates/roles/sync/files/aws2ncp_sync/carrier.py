"""Copies a folder and proves that it is there: rclone's exit code 0 proves nothing."""
from typing import Dict, NamedTuple, Set

from .rclone import Entry


class Unconfirmed(Exception):
    """After the copy, objects are not where they should be, or not in their size. `cause`: the same without any name."""

    def __init__(self, where, cause, first):
        self.cause = cause
        super().__init__(f"{where}: {cause}; the first: {first}")


class Carried(NamedTuple):
    """Names are relative to the folder."""
    wanted: Dict[str, Entry]  # what the source has
    there: Dict[str, Entry]  # what the target has afterwards
    objects: Set[str]  # copied
    replaced: Set[str]  # of these, those that took the place of an older copy

    @property
    def bytes(self):
        return sum(self.wanted[name].size for name in self.objects if name in self.wanted)


class Carrier:
    """`run`: name of the folder, one per run, in which what is replaced is kept: nothing kept is ever overwritten itself."""

    def __init__(self, config, rclone, log, run, dry_run):
        self._config, self._rclone, self._log, self._run, self._dry_run = config, rclone, log, run, dry_run

    def kept(self, folder=""):
        return join(self._config.replaced, self._run, folder)

    def carry(self, folder, covers, only=None, wanted=None):
        """Copies what `covers` takes of a folder ("" is the whole dataset) and compares both sides.

        `only` says of the source's objects to which folders below the copy keeps; without it nothing is left out. `wanted`
        spares a listing of the source that the caller has. Raises Unconfirmed, or RcloneError.
        """
        source, target = join(self._config.source, folder), join(self._config.target, folder)

        def listed(path):
            return {name: entry for name, entry in self._rclone.list(path).items() if covers(name)}

        wanted = listed(source) if wanted is None else wanted
        objects, replaced = self._copy(folder, wanted, only)
        there = listed(target)
        if self._dry_run:
            return Carried(wanted, there, objects, replaced)
        if unlike(wanted, there):
            # An object may have been replaced or have expired while the copy ran: look again before crying.
            wanted = listed(source)
            if unlike(wanted, there):
                more, moved = self._copy(folder, wanted, only)
                objects, replaced = objects | more, replaced | moved
                there = listed(target)
        missing = unlike(wanted, there)
        if missing:
            raise Unconfirmed(target, f"{len(missing)} of {len(wanted)} objects are missing or of another size, though rclone reported success",
                              missing[0])
        return Carried(wanted, there, objects & set(there), replaced)

    def _copy(self, folder, wanted, only):
        if not wanted:
            return set(), set()
        config = self._config
        copied = self._rclone.copy(join(config.source, folder), join(config.target, folder), self.kept(folder), only and only(wanted), self._dry_run)
        for name in sorted(copied.objects):
            if self._dry_run:
                self._log.event("would copy", object=join(folder, name))
            elif name in copied.replaced:
                self._log.event("replaced", "warning", object=join(folder, name), kept=self.kept(join(folder, name)))
            else:
                self._log.event("copied", object=join(folder, name))
        return copied.objects, copied.replaced


def join(*parts):
    return "/".join(part for part in parts if part)


def unlike(wanted, there):
    """Names that are not there in their size."""
    return sorted(name for name, entry in wanted.items() if name not in there or there[name].size != entry.size)
