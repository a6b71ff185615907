"""Looks into the arguments and environments of processes, again and again, for texts that must not be there.

argv[1]: {"name": pid, ...}, whose descendants are looked into. Standard input: the texts, one a line, up to an empty line; when
it ends, so does the watch. Output: a line once it looks, then {"hits": [[name, command, part, text]], "processes": {name: number}}.
"""

import json
import os
import select
import sys

roots = {int(pid): name for name, pid in json.loads(sys.argv[1]).items()}
texts = []
stdin = sys.stdin.buffer
for line in iter(stdin.readline, b"\n"):
    texts.append(line.rstrip(b"\n"))
hits = set()
# By root: what each process showed last. It is looked into again when it has changed, as by exec.
seen = {name: {} for name in roots.values()}


def read(pid, name):
    try:
        with open(f"/proc/{pid}/{name}", "rb") as file:
            return file.read()
    except OSError:
        return b""  # it has ended


def parent_of(pid):
    fields = read(pid, "stat").rpartition(b") ")[2].split()
    return int(fields[1]) if len(fields) > 1 else 0


def root_of(pid):
    """Name of the root that a process descends from; the watch itself is none of them."""
    while pid > 1:
        if pid == os.getpid():
            return None
        if pid in roots:
            return roots[pid]
        pid = parent_of(pid)
    return None


def look():
    for pid in filter(str.isdigit, os.listdir("/proc")):
        root = root_of(int(pid))
        if root is None:
            continue
        start = tuple(read(pid, "stat").rpartition(b") ")[2].split()[19:20])
        shown = (read(pid, "cmdline"), read(pid, "environ"))
        if seen[root].get((pid, start)) == shown:
            continue
        seen[root][pid, start] = shown
        for part, content in zip(("arguments", "environment"), shown):
            for text in texts:
                if text in content:
                    command = read(pid, "comm").decode(errors="replace").strip()
                    hits.add((root, command, part, text.decode()))


look()
print("looking", flush=True)
while True:
    ended, _, _ = select.select([stdin], [], [], 0.02)
    if ended and not stdin.read1():
        break
    look()
look()
print(json.dumps({"hits": sorted(hits), "processes": {name: len(pids) for name, pids in seen.items()}}))
