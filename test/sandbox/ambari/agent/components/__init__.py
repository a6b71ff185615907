"""Components of tests: a file for each that runs, in the folder that tests name. `broken` beside it makes commands fail."""
import json
import os

FOLDER = os.environ.get("TEST_COMPONENTS", "")


def _path(host, component, what):
    return os.path.join(FOLDER, f"{host['name']}.{component}.{what}")


def _broken(component, command):
    try:
        with open(os.path.join(FOLDER, "broken"), encoding="utf-8") as file:
            return f"{component} {command}" in file.read().splitlines()
    except FileNotFoundError:
        return False


def _made(component, command, path, content):
    if _broken(component, command):
        return 1, "", f"cannot {command} {component}"
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file)
    return 0, f"{command} {component}", ""


def install(component, configuration, host):
    return _made(component, "install", _path(host, component, "installed"), {"configuration": configuration, "host": host})


def start(component, configuration, host):
    if not os.path.exists(_path(host, component, "installed")):
        return 1, "", f"{component} is not installed"
    return _made(component, "start", _path(host, component, "started"), {})


def stop(component, configuration, host):
    path = _path(host, component, "started")
    if os.path.exists(path):
        os.remove(path)
    return 0, "", ""


def status(component, configuration, host):
    return (0 if os.path.exists(_path(host, component, "started")) else 3), "", ""
