"""One JSON object a line: what happened, when, to which object."""
import json
import os
import sys
import threading
import time


class Log:
    """Appends to the log file. A full disk must not stop a copy that needs none: the first failure is told, then ignored."""

    def __init__(self, path, dataset, terminal=None):
        self._lock = threading.Lock()
        self._dataset = dataset
        self._terminal = terminal
        self._failed = False
        self._path = path
        self._file = None
        try:
            self._file = open(path, "a", buffering=1, encoding="utf-8")
        except OSError as error:
            self._complain(error)

    def event(self, event, level="info", **fields):
        """Writes one line. On a terminal, warnings and errors are shown too."""
        now = time.time()
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1000):03d}Z"
        line = {"time": stamp, "level": level, "event": event, "dataset": self._dataset, "pid": os.getpid(), **fields}
        with self._lock:
            if self._file is not None and not self._failed:
                try:
                    self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
                except OSError as error:
                    self._complain(error)
            if self._terminal is not None and level != "info":
                details = " ".join(f"{name}={value}" for name, value in fields.items())
                print(f"{level}: {event} {details}", file=self._terminal)

    def close(self):
        try:
            if self._file is not None:
                self._file.close()
        except OSError:
            pass  # told already

    def _complain(self, error):
        self._failed = True
        print(f"aws2ncp-sync: {self._path}: can't be written: {error.strerror}; copying goes on without this log\n"
              f"  try: df -h {os.path.dirname(self._path)}", file=sys.stderr)
