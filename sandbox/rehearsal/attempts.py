"""Attempts at reaching things, from wherever this runs: JSON in (argv[1]), JSON out.

An attempt: {"id", "via": "direct" | "connect" | "get", "host", "port", "target"?}. "direct" opens a TCP connection to
host:port; "connect" asks the proxy at host:port for a tunnel to "target", "get" asks it for the URL "target".
Outcomes: reached, refused, dropped, unresolved, denied (by the proxy), other.
"""

import json
import socket
import sys
from concurrent.futures import ThreadPoolExecutor

TIMEOUT = 4.0


def attempt(wanted):
    try:
        address = socket.getaddrinfo(wanted["host"], wanted["port"], socket.AF_INET, socket.SOCK_STREAM)[0][4]
    except OSError as error:
        return "unresolved", str(error)
    try:
        with socket.create_connection(address, timeout=TIMEOUT) as connection:
            if wanted["via"] == "direct":
                return "reached", address[0]
            return through(connection, wanted["via"], wanted["target"])
    except (TimeoutError, socket.timeout):
        return "dropped", f"{address[0]}: no answer within {TIMEOUT:g} s"
    except ConnectionRefusedError as error:
        return "refused", str(error)
    except OSError as error:
        # "No route to host", "Permission denied": a firewall that says so.
        return "refused", str(error)


def through(connection, via, target):
    host = target if via == "connect" else target.split("/")[2]
    request = f"{via.upper()} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    connection.sendall(request.encode())
    status = connection.recv(4096).decode("latin1").split("\r\n")[0]
    code = (status.split(" ") + ["", ""])[1]
    # A 404 of the origin behind the proxy: the request got there. The proxy itself says 403, 407 or 5xx.
    if code == "200" or (via == "get" and code == "404"):
        return "reached", status
    return ("denied" if code in ("403", "407") else "other"), status or "connection closed"


def main():
    wanted = json.loads(sys.argv[1])
    with ThreadPoolExecutor(max_workers=32) as pool:
        results = list(pool.map(attempt, wanted))
    print(json.dumps([{"id": w["id"], "outcome": outcome, "detail": detail} for w, (outcome, detail) in zip(wanted, results)]))


main()
