"""What came of a run: sums and failures."""
from typing import NamedTuple


class NothingThere(Exception):
    """The source has nothing at all: the prefix is wrong, or somebody emptied the bucket."""

    cause = "the source is empty: nothing was changed"

    def __init__(self, source, allowed):
        super().__init__(f"{source}: nothing there, not one {allowed[0]}; nothing was changed\n  allowed: {allowed[1]}\n"
                         "  try: look at the dataset's source bucket and prefix in the pipeline file")


class TooMany(Exception):
    """More objects than allowed would be deleted."""

    def __init__(self, target, count, most):
        self.cause = f"{count} objects would be deleted, {most} are allowed: nothing was changed"
        super().__init__(f"{target}: {count} objects are gone at the source and would be deleted; nothing was changed\n"
                         f"  allowed: max_delete, {most}\n"
                         "  try: look at the source; if they are rightly gone, raise max_delete in the pipeline file for one run")


class Done(NamedTuple):
    folders: int = 0
    objects: int = 0
    bytes: int = 0
    replaced: int = 0
    confirmed: int = 0
    deleted: int = 0
    vanished: int = 0  # told for the first time
    vanished_in_all: int = 0  # in the folders that this run looked at
    changed_closed: int = 0


class Outcome:
    def __init__(self):
        self.total = Done()
        self.failures = []

    def add(self, done):
        self.total = Done(*map(sum, zip(self.total, done)))

    def reports(self):
        """What the total tells besides numbers of copies; empty if there is nothing to tell."""
        told = ((self.total.vanished, "vanished at the source"), (self.total.deleted, "deleted at the target"),
                (self.total.changed_closed, "changed in a folder whose time was over"))
        return ", ".join(f"{count} objects {what}" for count, what in told if count)
