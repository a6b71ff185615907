"""Gives Ambari's administrator the delivered password: in the place of the one that Ambari is installed with, or of the last one.

usage: admin_password.py PORT WANTED LAST

WANTED is the file with the password. LAST is where this program keeps the one that it has set, since Ambari asks for the old
one when it is changed; root's alone. Waits for a server that is starting. Prints "set ..." when it changed the password.
Exit 0, or 1 with the reason.
"""
import base64
import http.client
import json
import os
import sys
import time

NAME = "admin"
# What the server's tables are made with.
FIRST = "admin"
PATH = "/api/v1/users/" + NAME
ANSWER_SECONDS = 60
START_SECONDS = 600


class Refused(Exception):
    """What makes the work impossible, for whoever runs this."""


def ask(port, method, password, body=None):
    """Status of the answer, once the server answers; Ambari says 403 or 401 to a wrong password."""
    login = base64.b64encode("{}:{}".format(NAME, password).encode("utf-8")).decode("ascii")
    headers = {"Authorization": "Basic " + login, "X-Requested-By": "aws2ncp"}
    until = time.monotonic() + START_SECONDS
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
        try:
            connection.request(method, PATH, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status < 500:
                return answer.status
            reason = "status {}".format(answer.status)
        except (OSError, http.client.HTTPException) as error:
            reason = str(error)
        finally:
            connection.close()
        if time.monotonic() > until:
            raise Refused("port {}: no answer in {} s: {}. try: tail /var/log/ambari-server/ambari-server.log".format(port, START_SECONDS, reason))
        time.sleep(1)


def first_line(path):
    with open(path, encoding="utf-8") as file:
        return file.readline().rstrip("\n")


def keep(path, password):
    new = path + ".new"
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(password + "\n")
    os.rename(new, path)


def main(port, wanted_file, last_file):
    port, wanted = int(port), first_line(wanted_file)
    if ask(port, "GET", wanted) == 200:
        if not os.path.exists(last_file) or first_line(last_file) != wanted:
            keep(last_file, wanted)
        print("present {}".format(NAME))
        return
    for old in [FIRST, *([first_line(last_file)] if os.path.exists(last_file) else [])]:
        if ask(port, "GET", old) != 200:
            continue
        status = ask(port, "PUT", old, {"Users": {"user_name": NAME, "old_password": old, "password": wanted}})
        if status != 200:
            raise Refused("the server refused the new password of {}: status {}".format(NAME, status))
        keep(last_file, wanted)
        print("set {}".format(NAME))
        return
    raise Refused(
        "{}: neither the delivered password nor the last one nor Ambari's first one is right. allowed: the one that {} has in Ambari. "
        "try: set it there to the value of the secret ambari_admin_password".format(NAME, NAME)
    )


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (OSError, Refused) as error:
        sys.exit("admin_password.py: {}".format(error))
