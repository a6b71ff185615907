"""The gate of the batch jobs: they stay off until the log sync is current and the metastore is rebuilt and proven."""
import json
import os
from typing import NamedTuple, Optional

PATH = os.environ.get("AWS2NCP_GATE", "/etc/airflow/gate.json")


class Gate(NamedTuple):
    open: bool
    because: str
    since: Optional[str] = None  # from when on the logs are the DAGs' to register: when the rebuild began that was proved, "2026-11-24T16:00:00Z"


def read(path: str = PATH) -> Gate:
    """Whatever can't be read is a closed gate."""
    try:
        with open(path, encoding="utf-8") as text:
            found = json.load(text)
        if isinstance(found["open"], bool):
            return Gate(found["open"], str(found.get("because", "")), found.get("since"))
        return Gate(False, f"{path}: open is neither true nor false")
    except (OSError, ValueError, KeyError, TypeError) as error:
        return Gate(False, f"{path}: {error!r}")
