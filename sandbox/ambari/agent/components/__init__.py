"""Components as the agent needs them: installed, started, stopped and looked at, with the real engines of /opt/apache.

README.md of the agent says what the four functions are given and return. table.py has the components, stack.py what HDP's stack sets.
"""
from . import clients, daemons, recorded
from .errors import Failed
from .table import CLIENTS, DAEMONS, RECORDED


def _run(verb, component, configuration, host):
    try:
        if component in DAEMONS:
            return getattr(daemons, verb)(DAEMONS[component], configuration, host)
        if component in CLIENTS:
            return getattr(clients, verb)(CLIENTS[component], configuration, host)
        if component in RECORDED:
            return getattr(recorded, verb)(component)
        raise Failed(f"the rehearsal has no {component}: see sandbox/limits.md")
    except Failed as failure:
        return failure.code, "", str(failure)


def install(component, configuration, host):
    return _run("install", component, configuration, host)


def start(component, configuration, host):
    return _run("start", component, configuration, host)


def stop(component, configuration, host):
    return _run("stop", component, configuration, host)


def status(component, configuration, host):
    return _run("status", component, configuration, host)
