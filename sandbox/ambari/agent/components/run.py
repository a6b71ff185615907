"""Programs that end, run as a service's user."""
import subprocess

from .errors import Failed

SECONDS = 300


def as_user(user, command, environment=None):
    """Its output. Raises Failed with the end of it."""
    settings = [f"{name}={text}" for name, text in sorted((environment or {}).items())]
    try:
        done = subprocess.run(
            ["runuser", "-u", user, "--", "env", *settings, *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            check=False,
            timeout=SECONDS,
            universal_newlines=True,
        )
    except subprocess.TimeoutExpired:
        raise Failed(f"{' '.join(command)}: no end after {SECONDS} s")
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout[-3000:]}", done.returncode)
    return done.stdout
