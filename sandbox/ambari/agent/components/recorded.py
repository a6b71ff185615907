"""Components that are recorded only: a command is written down and nothing runs. sandbox/limits.md names them."""
import os

FOLDER = "/var/lib/ambari-agent/recorded"


def _path(component):
    return os.path.join(FOLDER, component)


def _record(component, state):
    os.makedirs(FOLDER, exist_ok=True)
    with open(_path(component), "w", encoding="utf-8") as file:
        file.write(state)
    return 0, f"{component} is recorded only: {state}\n", ""


def _recorded(component):
    try:
        with open(_path(component), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def install(component):
    return _record(component, _recorded(component) or "installed")


def start(component):
    if _recorded(component) == "":
        return 1, "", f"{component} is not installed on this host\n"
    return _record(component, "started")


def stop(component):
    return _record(component, "installed")


def status(component):
    return (0 if _recorded(component) == "started" else 3), "", ""
