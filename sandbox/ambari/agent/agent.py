#!/usr/bin/env python3
"""Plays ambari-agent: registers this host, runs the server's commands by the package `components`, tells what came of them.

README.md beside it says what that package must have. The server is named by ambari-agent.ini, as a real agent's is.
"""
import argparse
import configparser
import http.client
import importlib
import json
import os
import queue
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import traceback

CONF = "/etc/ambari-agent/conf/ambari-agent.ini"
STATE = "/var/lib/ambari-agent"
PORT = 8441
POLL_SECONDS = 1.0
STATUS_SECONDS = 10.0
LONGEST_RETRY_PAUSE = 30.0
ANSWER_SECONDS = 30
RUNS = "STARTED"
PARTIAL_CHAIN = 0x80000  # X509_V_FLAG_PARTIAL_CHAIN; Python's ssl has a name for it from 3.10 on


def say(text):
    print(text, flush=True)


class Server:
    """The server's port for agents: JSON over TLS. Its certificate is pinned at the first contact, as a real agent fetches it then."""

    def __init__(self, host, port, state):
        self._host, self._port = host, port
        self._pin = os.path.join(state, "server.crt")

    def call(self, path, body):
        """Raises OSError if there is no answer, or it is not 200."""
        if not os.path.exists(self._pin):
            write_whole(self._pin, ssl.get_server_certificate((self._host, self._port)))
        context = ssl.create_default_context(cafile=self._pin)
        context.check_hostname = False  # the certificate itself is what is trusted,
        context.verify_flags |= PARTIAL_CHAIN  # without the CA that signed it
        connection = http.client.HTTPSConnection(self._host, self._port, timeout=ANSWER_SECONDS, context=context)
        try:
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read().decode("utf-8")
        except http.client.HTTPException as error:
            raise OSError(f"no whole answer: {error!r}") from error
        finally:
            connection.close()
        if answer.status != 200:
            raise OSError(f"{path}: {answer.status} {text[:200]}")
        return json.loads(text)


def write_whole(path, text):
    """A file of root's alone, whole or not at all: it may hold passwords."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    half = f"{path}.tmp"
    with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(half, path)


class Definition:
    """What the server last said of this host; kept, so that a host that starts before its server starts its components."""

    NONE = {"hash": "", "cluster": "", "stack": "", "components": {}, "configuration": {}, "hosts": {}, "recovery": False}

    def __init__(self, name, state):
        self._name, self._path = name, os.path.join(state, "definition.json")
        try:
            with open(self._path, encoding="utf-8") as file:
                self.now = json.load(file)
        except (FileNotFoundError, ValueError):
            self.now = self.NONE

    def set(self, definition):
        write_whole(self._path, json.dumps(definition))
        self.now = definition

    def host(self):
        of = self.now
        return {
            "name": self._name,
            "cluster": of["cluster"],
            "stack": of["stack"],
            "components": sorted(of["components"]),
            "hosts": of["hosts"],
        }

    def wanted(self):
        """Components that should run, sorted."""
        return sorted(component for component, state in self.now["components"].items() if state == RUNS)


class Agent:
    def __init__(self, name, server, components, state, poll=POLL_SECONDS, look=STATUS_SECONDS):
        self._name, self._server, self._components = name, server, components
        self._poll_seconds, self._look_seconds = poll, look
        self.definition = Definition(name, state)
        self._commands = queue.Queue()
        self._taken = set()  # tasks that are in the queue, at work, or not told yet
        self._reports, self._alive = [], {}
        self._lock = threading.Lock()
        self._stop = threading.Event()

    def run(self):
        threading.Thread(target=self._work, daemon=True).start()
        registered = False
        while not self._stop.is_set():
            try:
                registered = self._beat(registered)
            except (OSError, ValueError) as error:
                registered = False
                say(f"no server: {error}")
            self._stop.wait(self._poll_seconds)

    def stop(self):
        self._stop.set()

    def _beat(self, registered):
        """One question to the server. Whoever it does not know registers again, as after its restart."""
        if not registered:
            self._server.call("/agent/register", {"host": self._name})
            say(f"registered as {self._name}")
        with self._lock:
            reports, alive = list(self._reports), dict(self._alive)
            working = sorted(self._taken)
        answer = self._server.call(
            "/agent/heartbeat",
            {
                "host": self._name,
                "definition": self.definition.now["hash"],
                "working": working,
                "reports": reports,
                "alive": alive,
            },
        )
        with self._lock:
            self._reports = self._reports[len(reports):]
            self._taken.difference_update(report["task"] for report in reports)
        if "definition" in answer:
            self.definition.set(answer["definition"])
        for command in answer["commands"]:
            with self._lock:
                known = command["task"] in self._taken
                self._taken.add(command["task"])
            if not known:
                self._commands.put(command)
        return answer["registered"]

    def _work(self):
        """Commands one after the other, as a real agent's are; in between, what should run is looked at."""
        looked = time.monotonic()
        while not self._stop.is_set():
            try:
                command = self._commands.get(timeout=self._poll_seconds)
            except queue.Empty:
                if time.monotonic() - looked >= self._look_seconds:
                    self._look()
                    looked = time.monotonic()
                continue
            code, out, err = self._execute(command)
            with self._lock:
                self._reports.append({"task": command["task"], "exit_code": code, "stdout": out, "stderr": err})

    def _execute(self, command):
        component, verb = command["component"], command["command"].lower()
        until, pause = time.monotonic() + command["retry_seconds"], 1.0
        while True:
            say(f"{verb} {component}")
            code, out, err = self._call(verb, component)
            if code == 0 or time.monotonic() + pause > until:
                say(f"{verb} {component}: exit code {code}")
                return code, out, err
            say(f"{verb} {component}: exit code {code}, again in {pause:.0f} s: {err.strip()[-200:]}")
            if self._stop.wait(pause):
                return code, out, err
            pause = min(pause * 2, LONGEST_RETRY_PAUSE)

    def _call(self, verb, component):
        try:
            function = getattr(self._components, verb)
            code, out, err = function(component, self.definition.now["configuration"], self.definition.host())
            return int(code), str(out), str(err)
        except Exception:  # a mistake in a component is a failed command, not the end of the agent
            return 1, "", traceback.format_exc()

    def _look(self):
        alive = {}
        for component in self.definition.wanted():
            code, _, _ = self._call("status", component)
            if code != 0 and self.definition.now["recovery"]:
                say(f"{component} does not run; start {component}")
                code, _, err = self._call("start", component)
                say(f"start {component}: exit code {code} {err.strip()[-200:]}")
            alive[component] = code == 0
        with self._lock:
            self._alive = alive


def full_name():
    """As `hostname -f` has it, which a real agent registers too."""
    name = subprocess.run(["hostname", "-f"], stdout=subprocess.PIPE, check=False, universal_newlines=True).stdout.strip()
    return (name or socket.getfqdn()).lower()


def main():
    parser = argparse.ArgumentParser(description="Plays ambari-agent in the rehearsal.", epilog="example: agent.py --conf ambari-agent.ini")
    parser.add_argument("--conf", default=CONF)
    parser.add_argument("--state", default=STATE, help="folder of the pinned certificate and of what the server said")
    parser.add_argument("--components", default=os.path.dirname(os.path.abspath(__file__)), help="folder with the package components")
    parser.add_argument("--name", default="", help="full name of this host; hostname -f unless given")
    parser.add_argument("--poll", type=float, default=POLL_SECONDS, help="seconds between two questions to the server")
    parser.add_argument("--look", type=float, default=STATUS_SECONDS, help="seconds between two looks at what should run")
    args = parser.parse_args()
    ini = configparser.ConfigParser(interpolation=None)
    if not ini.read(args.conf):
        sys.exit(f"{args.conf}: is missing")
    host = ini.get("server", "hostname", fallback="")
    if not host:
        sys.exit(f"{args.conf}: [server] hostname is missing")
    sys.path.insert(0, args.components)
    components = importlib.import_module("components")
    server = Server(host, ini.getint("server", "secured_url_port", fallback=PORT), args.state)
    agent = Agent(args.name.lower() or full_name(), server, components, args.state, args.poll, args.look)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: agent.stop())
    agent.run()


if __name__ == "__main__":
    main()
