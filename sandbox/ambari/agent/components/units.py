"""Daemons as units of systemd: they outlive the agent, and run as their own users. HDP's start scripts fork instead."""
import subprocess

from . import files
from .errors import Failed

UNITS = "/etc/systemd/system"


def _systemctl(*args):
    return subprocess.run(["systemctl", *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, universal_newlines=True)


def text(title, user, environment, command, log):
    settings = "".join(f'Environment="{name}={value}"\n' for name, value in sorted(environment.items()))
    return f"""[Unit]
Description={title}

[Service]
User={user}
Group=hadoop
{settings}ExecStart={command}
StandardOutput=append:{log}
StandardError=append:{log}
SuccessExitStatus=143
TimeoutStopSec=60
LimitNOFILE=16384
"""


def write(name, content):
    # Heaps and folders only: no unit holds a secret.
    if files.write(f"{UNITS}/{name}.service", content, group="root"):
        _systemctl("daemon-reload")


def start(name):
    """Raises Failed if systemd will not."""
    done = _systemctl("start", name)
    if done.returncode != 0:
        raise Failed(done.stdout)


def stop(name):
    done = _systemctl("stop", name)
    if done.returncode not in (0, 5):  # 5: no such unit
        raise Failed(done.stdout)


def runs(name):
    return _systemctl("is-active", "--quiet", name).returncode == 0
