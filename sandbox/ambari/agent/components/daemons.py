"""Daemons: installed as a unit with its folders and configuration, started until they answer."""
import os
import socket
import time

from . import accounts, clients, configured, files, units
from .errors import Failed
from .stack import whole
from .table import folders_of, heap_of, options_of, port_of

ANSWER_SECONDS = 240
PAUSE_SECONDS = 0.5
LOG_LINES = 40


def install(daemon, configuration, host):
    accounts.ensure()
    types = whole(configuration)
    configured.write(types, host)
    clients.lay(f"/usr/hdp/current/{daemon.unit}", daemon.engines)
    files.folder(os.path.dirname(daemon.log), user=daemon.user, mode=0o775)
    return 0, f"{daemon.unit}: configured\n", ""


def start(daemon, configuration, host):
    types = whole(configuration)
    configured.write(types, host)
    for path, mode in folders_of(daemon, types):
        files.folder(path, user=daemon.user, mode=mode)
    units.write(daemon.unit, _unit(daemon, types))
    if not units.runs(daemon.unit):
        if daemon.before is not None:
            daemon.before(types, host)
        units.start(daemon.unit)
    _wait(daemon, host["name"], port_of(daemon, types))
    if daemon.after is not None:
        daemon.after(types, host)
    return 0, f"{daemon.unit}: answers on {port_of(daemon, types)}\n", ""


def stop(daemon, configuration, host):
    units.stop(daemon.unit)
    return 0, f"{daemon.unit}: stopped\n", ""


def status(daemon, configuration, host):
    return (0 if units.runs(daemon.unit) else 3), "", ""


def _unit(daemon, types):
    environment = {
        "ENGINE_CONF": ":".join(daemon.conf),
        "ENGINE_HEAP": heap_of(daemon, types),
        "ENGINE_OPTIONS": options_of(daemon, types),
        "HADOOP_CONF_DIR": "/etc/hadoop/conf",
        "HADOOP_HOME": "/usr/hdp/current/hadoop-client",
        "HIVE_CONF_DIR": "/etc/hive/conf.server",
        "JAVA_HOME": "/usr/lib/jvm/aws2ncp-java",
        "SPARK_CONF_DIR": "/etc/spark2/conf",
        **dict(daemon.environment),
    }
    command = f"/opt/apache/bin/java-class {daemon.engines} {daemon.main}"
    return units.text(f"{daemon.main.split()[0].rsplit('.', 1)[-1]} of the rehearsal", daemon.user, environment, command, daemon.log)


def _wait(daemon, name, port):
    until = time.monotonic() + ANSWER_SECONDS
    while True:
        if not units.runs(daemon.unit):
            raise Failed(f"{daemon.unit} ended\n{_end_of(daemon.log)}")
        try:
            socket.create_connection((name, port), timeout=5).close()
            return
        except OSError as error:
            if time.monotonic() > until:
                raise Failed(f"{daemon.unit} does not answer on {name}:{port} after {ANSWER_SECONDS} s: {error}\n{_end_of(daemon.log)}")
        time.sleep(PAUSE_SECONDS)


def _end_of(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return "".join(file.readlines()[-LOG_LINES:])
    except FileNotFoundError:
        return f"{path} does not exist"
