"""Plays the bucket hosts: answers any host name over TLS on 443 and plainly on 80. Arguments: ADDRESS CERT KEY."""
import http.server
import ssl
import sys
import threading


class Hello(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = f"hello from {self.headers.get('Host')}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_):
        pass


address, cert, key = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(cert, key)
secure = http.server.ThreadingHTTPServer((address, 443), Hello)
secure.socket = context.wrap_socket(secure.socket, server_side=True)
plain = http.server.ThreadingHTTPServer((address, 80), Hello)
threading.Thread(target=plain.serve_forever, daemon=True).start()
secure.serve_forever()
