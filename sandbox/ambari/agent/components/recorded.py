"""Components that are recorded only: a command is written down and nothing runs. sandbox/limits.md names them."""
import os

FOLDER = "/var/lib/ambari-agent/recorded"


def _path(component):
    return os.path.join(FOLDER, component)


def install(component):
    os.makedirs(FOLDER, exist_ok=True)
    return 0, f"{component} is recorded only: nothing was installed\n", ""


def start(component):
    os.makedirs(FOLDER, exist_ok=True)
    with open(_path(component), "w", encoding="utf-8") as file:
        file.write("started\n")
    return 0, f"{component} is recorded only: nothing was started\n", ""


def stop(component):
    if os.path.exists(_path(component)):
        os.remove(_path(component))
    return 0, f"{component} is recorded only\n", ""


def status(component):
    return (0 if os.path.exists(_path(component)) else 3), "", ""
