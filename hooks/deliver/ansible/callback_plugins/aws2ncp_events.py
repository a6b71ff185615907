"""Tells what Ansible does as one JSON object a line, for the program that runs it."""

from __future__ import annotations

import json
import sys
import time

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: aws2ncp_events
type: stdout
short_description: events as JSON lines
description:
  - Writes one JSON object a line, the key "event" first. Results of tasks with no_log show nothing but whether they changed.
"""

LAST_LINES = 8


def items_of(result: dict) -> list:
    """The results of a loop's items, or the one result."""
    items = result.get("results")
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) and items else [result]


def path_of(result: dict) -> str | None:
    """The file on the host that a module says it dealt with."""
    given = result.get("invocation", {}).get("module_args", {}) if isinstance(result.get("invocation"), dict) else {}
    for candidate in (result.get("path"), result.get("dest"), given.get("path"), given.get("dest")):
        if isinstance(candidate, str) and candidate.startswith("/"):
            return candidate
    return None


def changed_files(result: dict) -> list:
    """Files that a task changed, in its order, each once."""
    paths = [path_of(item) for item in items_of(result) if item.get("changed")]
    return list(dict.fromkeys(path for path in paths if path))


def reason_of(result: dict) -> str:
    """Why a task failed: its message, then the end of what its program wrote."""
    lines = []
    for item in items_of(result):
        if item is not result and not item.get("failed") and not item.get("unreachable"):
            continue
        if "censored" in item and not item.get("msg"):
            lines.append("the reason is hidden, because the task handles secrets (no_log)")
            continue
        message = str(item.get("msg") or "no message").strip()
        label = item.get("_ansible_item_label")
        if isinstance(label, (str, int)):
            message = "%s: %s" % (label, message)
        lines.extend(message.split("\n")[:LAST_LINES])
        for key in ("stderr", "module_stderr", "stdout", "module_stdout"):
            text = str(item.get(key) or "").strip()
            if text and text not in message:
                lines.extend(text.split("\n")[-LAST_LINES:])
                break
    return "\n".join(lines)


class CallbackModule(CallbackBase):
    """The plugin, found by its file's name."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "aws2ncp_events"

    def __init__(self):
        super().__init__()
        self.began = time.monotonic()

    def emit(self, event: str, **fields) -> None:
        sys.stdout.write(json.dumps({"event": event, **fields}, default=str) + "\n")
        sys.stdout.flush()

    def emit_result(self, event: str, result, **fields) -> None:
        self.emit(
            event,
            host=result._host.get_name(),
            task=result._task.get_name().strip(),
            seconds=round(time.monotonic() - self.began, 1),
            **fields,
        )

    def v2_runner_on_start(self, host, task):
        self.began = time.monotonic()
        self.emit("start", host=host.get_name(), task=task.get_name().strip())

    def v2_runner_on_ok(self, result):
        data = result._result
        self.emit_result("ok", result, changed=bool(data.get("changed")), files=changed_files(data))

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.emit_result("failed", result, reason=reason_of(result._result), ignored=bool(ignore_errors))

    def v2_runner_on_unreachable(self, result):
        self.emit_result("unreachable", result, reason=reason_of(result._result))

    def v2_runner_on_skipped(self, result):
        self.emit_result("skipped", result)

    def v2_playbook_on_no_hosts_matched(self):
        self.emit("none", reason="the playbook has no play for this host")

    def v2_playbook_on_stats(self, stats):
        for host in sorted(stats.processed):
            self.emit("stats", host=host, **stats.summarize(host))
