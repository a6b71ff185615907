"""Files of a host: whole or not at all, with owner and mode."""
import grp
import os
import pwd
from xml.sax.saxutils import escape


def owner(user, group):
    return pwd.getpwnam(user).pw_uid, grp.getgrnam(group).gr_gid


def write(path, text, user="root", group="hadoop", mode=0o644):
    """True if it was another before."""
    uid, gid = owner(user, group)
    try:
        with open(path, encoding="utf-8") as file:
            same = file.read() == text
    except FileNotFoundError:
        same = False
    if not same:
        half = f"{path}.tmp"
        with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(half, path)
    os.chown(path, uid, gid)
    os.chmod(path, mode)
    return not same


def folder(path, user="root", group="hadoop", mode=0o755):
    """With those above it, which stay as they are if they exist."""
    os.makedirs(path, exist_ok=True)
    os.chown(path, *owner(user, group))
    os.chmod(path, mode)


def link(path, target):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.islink(path) and os.readlink(path) == target:
        return
    half = f"{path}.tmp"
    if os.path.lexists(half):
        os.remove(half)
    os.symlink(target, half)
    os.replace(half, path)


def xml(properties):
    """A configuration of Hadoop's, sorted by name."""
    lines = [
        f"  <property><name>{escape(name)}</name><value>{escape(text)}</value></property>\n"
        for name, text in sorted(properties.items())
    ]
    return f'<?xml version="1.0"?>\n<configuration>\n{"".join(lines)}</configuration>\n'


def lines(properties, between="="):
    return "".join(f"{name}{between}{text}\n" for name, text in sorted(properties.items()))
