"""Holds a JSON report of Checkov against the exceptions in scripts/checkov-exceptions.

    checkov.py REPORT EXCEPTIONS

Fails on a finding that is no exception, on an exception that no finding needs, and on a report that checked nothing: Checkov
ends well where it finds no file that it knows.
"""
import json
import re
import sys


def exceptions_in(path):
    """(check, stack, resource) of each row."""
    rows = {}
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip() or line.startswith("#"):
                continue
            parts = line.split(None, 3)
            if len(parts) < 4:
                raise SystemExit(f"{path}:{number}: allowed: CHECK STACK RESOURCE WHY")
            rows[tuple(parts[:3])] = number
    return rows


def key_of(finding):
    """Checkov names a resource whose name holds a dash by its block alone: "resource.NAME"; its type stands in no field then."""
    stack = re.search(r"/stacks/([^/]+)/", finding["file_path"])
    return finding["check_id"], stack.group(1) if stack else "-", finding["resource"]


def matches(found, wanted):
    """Whether a finding's key is that of an exception, whichever way Checkov names the resource."""
    same = found[:2] == wanted[:2]
    return same and (found[2] == wanted[2] or found[2].split(".", 1)[1] == wanted[2].split(".", 1)[1])


def problems_in(report, exceptions, path):
    """Lines that say what is wrong."""
    runs = report if isinstance(report, list) else [report]
    passed = sum(run.get("summary", {}).get("passed", 0) for run in runs)
    broken = [name for run in runs for name in run.get("results", {}).get("parsing_errors", [])]
    failed = [finding for run in runs for finding in run.get("results", {}).get("failed_checks", [])]
    lines = [f"{name}: Checkov can't read it" for name in broken]
    if passed + len(failed) == 0:
        lines.append("Checkov checked nothing\n  try: npm run build, then scripts/lint")
    used = set()
    for finding in failed:
        key = key_of(finding)
        wanted = [exception for exception in exceptions if matches(key, exception)]
        used.update(wanted)
        if not wanted:
            lines.append(
                f"{finding['file_path']}: {' '.join(key)}: {finding['check_name']}\n"
                f"  try: correct the construct, or a row with the reason in {path}"
            )
    for exception, number in exceptions.items():
        if exception not in used:
            lines.append(f"{path}:{number}: {' '.join(exception)}: no finding needs this row\n  try: remove it")
    return lines, passed, len(failed)


def main(report_path, exceptions_path):
    exceptions = exceptions_in(exceptions_path)
    with open(report_path, encoding="utf-8") as file:
        report = json.load(file)
    lines, passed, failed = problems_in(report, exceptions, exceptions_path)
    for line in lines:
        print(line, file=sys.stderr)
    if not lines:
        print(f"checkov: {passed} checks passed, {failed} exceptions")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
