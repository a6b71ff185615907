"""Posting through a proxy, over TLS: a small proxy and a small webhook, both on loopback."""
import http.server
import json
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest

from helper import FILES, SyncCase
from aws2ncp_sync.webhook import NotDelivered, post

HOST = "hooks.test"
SECRET = "/services/T00/verySecret?key=alsoSecret"


class Webhook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.seen.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
        self.send_response(self.server.answer)
        self.send_header("Location", f"https://{HOST}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Proxy(http.server.BaseHTTPRequestHandler):
    """CONNECT to any name leads to the webhook, or is refused."""

    def do_CONNECT(self):
        self.server.seen.append(self.path)
        if self.server.refuse:
            self.send_error(403)
            return
        self.send_response(200)
        self.end_headers()
        with socket.create_connection(self.server.leads_to) as other:
            back = threading.Thread(target=pump, args=(other, self.connection))
            back.start()
            pump(self.connection, other)
            back.join()
        self.close_connection = True

    def log_message(self, *_):
        pass


def pump(source, sink):
    try:
        while True:
            data = source.recv(65536)
            if not data:
                break
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def certificate(folder, name, host):
    files = [os.path.join(folder, f"{name}.{kind}") for kind in ("crt", "key")]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={host}",
                    "-addext", f"subjectAltName=DNS:{host}", "-keyout", files[1], "-out", files[0]], check=True, capture_output=True)
    return files


class Posting(SyncCase):
    @classmethod
    def setUpClass(cls):
        cls.tls = tempfile.TemporaryDirectory(prefix="aws2ncp-webhook-")
        cls.addClassCleanup(cls.tls.cleanup)
        cls.files = {name: certificate(cls.tls.name, name, host) for name, host in (("good", HOST), ("other", "other.test"))}

    def setUp(self):
        super().setUp()
        self.webhook = self.serve(Webhook, "good", seen=[], answer=200)
        self.proxy = self.serve(Proxy, seen=[], refuse=False, leads_to=self.webhook.server_address)

    def serve(self, handler, tls=None, **attributes):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self.files[tls])
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.handle_error = lambda *_: None  # a client that turned away
        for name, value in attributes.items():
            setattr(server, name, value)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server

    def post(self, url=f"https://{HOST}{SECRET}", trust="good"):
        post(url, HOST, self.proxy.server_address, self.files[trust][0], {"text": "hello"})

    def refused(self, **how):
        with self.assertRaises(NotDelivered) as caught:
            self.post(**how)
        self.assertNotRegex(str(caught.exception), "[a-z]Secret|/secret|services")
        return str(caught.exception)

    def test_goes_through_the_proxy_and_over_tls(self):
        self.post()
        self.assertEqual((self.proxy.seen, self.webhook.seen), ([f"{HOST}:443"], [(SECRET, {"text": "hello"})]))

    def test_only_2xx_is_success_and_no_redirect_is_followed(self):
        for answer in (301, 302, 307, 400, 404, 500):
            self.webhook.answer = answer
            self.assertEqual(self.refused(), f"{HOST} answered {answer}")
        self.assertEqual(len(self.webhook.seen), 6)
        self.webhook.answer = 204
        self.post()

    def test_a_proxy_that_refuses_or_is_away(self):
        self.proxy.refuse = True
        self.assertEqual(self.refused(), f"{HOST}: Tunnel connection failed: 403 Forbidden")
        self.proxy.server_address = ("127.0.0.1", 1)
        self.assertIn("Connection refused", self.refused())

    def test_a_certificate_that_nobody_vouches_for(self):
        self.assertIn("CERTIFICATE_VERIFY_FAILED", self.refused(trust="other"))
        self.assertEqual(self.webhook.seen, [])

    def test_a_certificate_of_another_host(self):
        other = self.serve(Webhook, "other", seen=[], answer=200)
        self.proxy.leads_to = other.server_address
        self.assertIn("Hostname mismatch", self.refused(trust="other"))
        self.assertEqual(other.seen, [])

    def test_a_missing_trust_bundle(self):
        with self.assertRaises(NotDelivered) as caught:
            post(f"https://{HOST}/", HOST, self.proxy.server_address, "/nowhere.pem", {})
        self.assertEqual(str(caught.exception), "/nowhere.pem: can't be used: No such file or directory")

    def test_a_url_of_another_place(self):
        for url in (f"http://{HOST}/secret", "https://evil.test/secret", f"https://{HOST}:8443/secret", f"https://a:b@{HOST}/secret",
                    f"https://{HOST}:x/secret", "secret"):
            self.assertTrue(self.refused(url=url).startswith(f"the URL is not at https://{HOST}\n"), url)
        self.assertEqual(self.proxy.seen, [])

    def test_a_url_that_http_refuses_is_not_quoted(self):
        self.assertEqual(self.refused(url=f"https://{HOST}/secret with spaces"), f"{HOST}: InvalidURL")

    def test_the_whole_program(self):
        self.write_config()
        os.utime(self.path("etc/event_log.json"))
        self.put("webhook", f"https://{HOST}{SECRET}\n", folder=".")
        self.put("status.json", '{"ok": false, "finished": "2020-03-10T12:30:00Z", "cause": "stopped", "lastGood": null}', folder="state")
        address, port = self.proxy.server_address
        with open(self.path("alerts.json"), "w", encoding="utf-8") as file:
            json.dump({"host": "sync-1", "webhook_host": HOST, "webhook_file": self.path("webhook"), "trust_file": self.files["good"][0],
                       "proxy_host": address, "proxy_port": port, "memory_file": self.path("memory.json")}, file)
        first, second = self.watch(), self.watch()
        self.assertEqual(first, (0, "aws2ncp-sync-watch: told: event_log: failed since 2020-03-10T12:30:00Z: stopped; no good run yet\n", ""))
        self.assertEqual(second, (0, "", ""))
        self.assertEqual([body["state"] for _, body in self.webhook.seen], ["failed"])
        self.webhook.answer = 500
        self.put("status.json", '{"ok": true, "finished": "2999-03-10T12:30:00Z", "lastGood": "2999-03-10T12:30:00Z"}', folder="state")
        code, out, error = self.watch()
        self.assertEqual((code, out), (1, ""))
        self.assertIn(f"{HOST} answered 500", error)
        self.assertNotIn("verySecret", error)

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_root_is_sent_away_from_the_memory_of_another_account(self):
        os.mkdir(self.path("memory"))
        os.chown(self.path("memory"), 65534, 65534)
        with open(self.path("alerts.json"), "w", encoding="utf-8") as file:
            json.dump({**{name: "x" for name in ("host", "webhook_host", "webhook_file", "trust_file", "proxy_host")}, "proxy_port": 3128,
                       "memory_file": self.path("memory/alerts.json")}, file)
        code, _, error = self.watch()
        self.assertEqual((code, os.listdir(self.path("memory"))), (1, []))
        self.assertIn("root must not run this", error)

    def test_the_program_without_its_settings(self):
        code, _, error = self.watch()
        self.assertEqual(code, 2)
        self.assertIn("alerts.json: missing or garbage: host, webhook_host, ", error)

    def watch(self):
        code = f"import sys; sys.dont_write_bytecode = True; sys.path.insert(0, {FILES!r}); from aws2ncp_sync.watch import main; sys.exit(main())"
        program = subprocess.run([sys.executable, "-c", code, "--config", self.path("alerts.json"), "--config-folder", self.path("etc")],
                                 capture_output=True, text=True, timeout=30, check=False)
        return program.returncode, program.stdout, program.stderr


if __name__ == "__main__":
    unittest.main()
