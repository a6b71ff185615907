"""Before each start of the stand-in: what keeps a real ambari-server from starting keeps this one from it too.

Looks whether Java is where ambari.properties says, and whether the database can be logged in to, over TLS, and has tables. Exit
0, or 1 with the reason.
"""
import os
import subprocess
import sys
from urllib.parse import parse_qs, urlencode, urlsplit

PROPERTIES = "/etc/ambari-server/conf/ambari.properties"


def read(path):
    with open(path, encoding="utf-8") as file:
        lines = [line.strip() for line in file]
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def problem(properties):
    java = f"{properties.get('java.home', '')}/bin/java"
    if not os.access(java, os.X_OK):
        return f"java.home: there is no {java}"
    jdbc = properties.get("server.jdbc.url", "")
    if not jdbc.startswith("jdbc:postgresql://"):
        return f"server.jdbc.url: {jdbc or 'nothing'} is no database of PostgreSQL"
    url = urlsplit(jdbc[len("jdbc:"):])
    query = {name: values[0] for name, values in parse_qs(url.query).items() if name in ("sslmode", "sslrootcert")}
    user = properties.get("server.jdbc.user.name", "")
    with open(properties["server.jdbc.user.passwd"], encoding="utf-8") as file:
        password = file.read().strip()
    target = f"postgresql://{user}@{url.netloc}{url.path}?{urlencode(query)}"
    command = ["psql", "--no-psqlrc", "--no-password", "--quiet", "--command=SELECT 1 FROM metainfo", target]
    done = subprocess.run(
        command,
        env={**os.environ, "PGPASSWORD": password},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        universal_newlines=True,
    )
    return None if done.returncode == 0 else f"{target}: {done.stdout.strip()}"


def main():
    try:
        found = problem(read(PROPERTIES))
    except (OSError, KeyError) as error:
        found = repr(error)
    if found is not None:
        sys.exit(f"{PROPERTIES}: {found}")


if __name__ == "__main__":
    main()
