"""What rclone's exit codes mean, and what to do about each. A table, so that the tests can hold it."""
import re
from typing import NamedTuple

OK = "ok"
RETRY = "retry"  # may pass: try this folder again
SKIP = "skip"  # trying again is no use here; go on with the other folders, fail at the end
STOP = "stop"  # every other folder would fail the same way


class Meaning(NamedTuple):
    text: str
    action: str


# Source: rclone's documentation, "Exit code"; 10 is unknown to releases before 1.56.
EXITS = {
    0: Meaning("done", OK),
    1: Meaning("an error that rclone does not classify: network, refusal, server error", RETRY),
    2: Meaning("rclone was called wrongly", STOP),
    3: Meaning("bucket or folder not found", STOP),
    4: Meaning("an object vanished before it was copied", RETRY),
    5: Meaning("temporary errors, rclone's own tries used up", RETRY),
    6: Meaning("some objects can't be copied", SKIP),
    7: Meaning("fatal error", STOP),
    8: Meaning("limit of bytes reached", STOP),
    9: Meaning("nothing to copy", OK),
    10: Meaning("limit of time reached", STOP),
}

# Code 1 covers too much. What the last error says tells the hopeless from the passing.
HOPELESS = (
    (re.compile(r"AccessDenied|Forbidden|status code: 403|InvalidAccessKeyId|SignatureDoesNotMatch"),
     "refused: the key, the bucket's policy or the proxy does not admit this"),
    (re.compile(r"NoSuchBucket"), "the bucket does not exist"),
    (re.compile(r"x509:|tls: |bad certificate|unknown certificate|certificate required"),
     "a certificate was not accepted, ours or theirs"),
    (re.compile(r"didn't find section in config file|unknown flag|unknown shorthand flag"),
     "rclone's configuration does not fit this job"),
)


def meaning_of(code, error=""):
    """Meaning of an exit code; a negative one is the signal that ended rclone. `error` is rclone's last message."""
    if code < 0:
        return Meaning(f"rclone was ended by signal {-code}", RETRY)
    if code == 1:
        for pattern, text in HOPELESS:
            if pattern.search(error):
                return Meaning(text, STOP)
    return EXITS.get(code, Meaning("an exit code that rclone does not document", RETRY))
