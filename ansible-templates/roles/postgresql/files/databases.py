"""Makes databases, their owners and passwords in the PostgreSQL of this host, as its superuser over the local socket.

usage: databases.py FILE

FILE is JSON: a list of {"name": NAME, "schema": NAME or null, "password_file": PATH or null}. A database's owner has its name;
without a password file it can't log in by password. Prints a line for each thing that it made or changed, and none
otherwise. Exit 0, or 1 with the reason.

A password reaches the server as the verifier that the server would store (SCRAM-SHA-256, RFC 5803), so it is in no
statement and no log. To see whether it is the one that is stored, the verifier is made again with the stored salt.
"""
import base64
import hashlib
import hmac
import json
import os
import re
import subprocess
import sys

ITERATIONS = 4096  # PostgreSQL's own
VERIFIER = re.compile(r"SCRAM-SHA-256\$(\d+):([^$]+)\$.+")


class Refused(Exception):
    """What makes the work impossible, for whoever runs this."""


def verifier(password, salt, iterations):
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, iterations)
    stored = hashlib.sha256(hmac.new(salted, b"Client Key", "sha256").digest()).digest()
    server = hmac.new(salted, b"Server Key", "sha256").digest()
    salt, stored, server = (base64.b64encode(data).decode("ascii") for data in (salt, stored, server))
    return "SCRAM-SHA-256${}:{}${}:{}".format(iterations, salt, stored, server)


def is_of(password, known):
    """Whether a stored verifier is that of the password."""
    match = VERIFIER.fullmatch(known)
    if match is None:
        return False
    return hmac.compare_digest(known, verifier(password, base64.b64decode(match.group(2)), int(match.group(1))))


def read_password(path):
    with open(path, encoding="utf-8") as file:
        password = file.readline().rstrip("\n")
    if not password or not all(" " <= character <= "~" for character in password):
        raise Refused("{}: allowed: a line of printable ASCII characters".format(path))
    return password


class Server:
    """Runs statements by psql; they go through its standard input."""

    def __init__(self, command=("runuser", "-u", "postgres", "--", "psql")):
        self._command = [*command, "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]

    def run(self, statement, database="postgres"):
        result = subprocess.run(
            [*self._command, "--dbname", database],
            input=statement,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
            check=False,
            cwd="/",
        )
        if result.returncode != 0:
            raise Refused(result.stderr.strip())
        return result.stdout.strip()


def make(server, name, schema, password_file):
    """Yields what it did, a line each."""
    known = server.run("SELECT coalesce(rolpassword, '') FROM pg_authid WHERE rolname = '{}'".format(name))
    if server.run("SELECT 1 FROM pg_roles WHERE rolname = '{}'".format(name)) == "":
        server.run('CREATE ROLE "{}" LOGIN'.format(name))
        yield "role {}: made".format(name)
    if password_file is None:
        if known != "":
            server.run('ALTER ROLE "{}" PASSWORD NULL'.format(name))
            yield "role {}: password removed".format(name)
    else:
        password = read_password(password_file)
        if not is_of(password, known):
            server.run("ALTER ROLE \"{}\" PASSWORD '{}'".format(name, verifier(password, os.urandom(16), ITERATIONS)))
            yield "role {}: password set".format(name)
    if server.run("SELECT 1 FROM pg_database WHERE datname = '{}'".format(name)) == "":
        server.run('CREATE DATABASE "{0}" OWNER "{0}"'.format(name))
        yield "database {}: made".format(name)
    if schema is not None and server.run("SELECT 1 FROM pg_namespace WHERE nspname = '{}'".format(schema), name) == "":
        both = 'BEGIN; CREATE SCHEMA "{0}" AUTHORIZATION "{1}"; ALTER ROLE "{1}" SET search_path TO "{0}", public; COMMIT'
        server.run(both.format(schema, name), name)
        yield "schema {}.{}: made".format(name, schema)


def main(path, server=None):
    with open(path, encoding="utf-8") as file:
        databases = json.load(file)
    for database in databases:
        for line in make(server or Server(), database["name"], database["schema"], database["password_file"]):
            print(line, flush=True)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (OSError, Refused) as error:
        sys.exit("databases.py: {}".format(error))
