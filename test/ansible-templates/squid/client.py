"""Makes one attempt per line of JSON on standard input through port A; writes what came of each.

The result is the proxy's status, then what came through the tunnel: "200 hello from HOST", "200 closed", "403",
"refused" when the proxy breaks off TLS.
"""
import json
import ssl
import socket
import sys

PROXY, PORT = sys.argv[1], int(sys.argv[2])
FOLDER = sys.argv[3]


def outer(attempt):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(f"{FOLDER}/ca.crt")
    if attempt.get("old"):
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    if attempt["cert"]:
        context.load_cert_chain(f"{FOLDER}/{attempt['cert']}.crt", f"{FOLDER}/{attempt['cert']}.key")
    raw = socket.create_connection((PROXY, PORT), timeout=10, source_address=(attempt["source"], 0))
    return context.wrap_socket(raw, server_hostname=PROXY)


def connect(tunnel, host):
    tunnel.sendall(f"CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        part = tunnel.recv(4096)
        if not part:
            break
        answer += part
    return answer.split(b" ")[1].decode()


def inside(tunnel, sni, host):
    """A TLS session of its own through the tunnel, as a client of the bucket has one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = context.wrap_bio(incoming, outgoing, server_hostname=sni)

    def step(function):
        while True:
            try:
                result = function()
            except ssl.SSLWantReadError:
                result = None
            if outgoing.pending:
                tunnel.sendall(outgoing.read())
            if result is not None:
                return result
            part = tunnel.recv(16384)
            if not part:
                raise EOFError
            incoming.write(part)

    step(lambda: session.do_handshake() or True)
    step(lambda: session.write(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()))
    answer = b""
    while b"hello" not in answer:
        answer += step(lambda: session.read(4096))
    return answer.split(b"\r\n\r\n")[1].decode()


def attempt_one(attempt):
    try:
        tunnel = outer(attempt)
        status = connect(tunnel, attempt["connect"])
    except (ssl.SSLError, ConnectionError):
        return "refused"
    if status != "200":
        return status
    try:
        if attempt.get("plain"):
            tunnel.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            return "200 " + (tunnel.recv(200).decode() or "closed")
        return "200 " + inside(tunnel, attempt["sni"], attempt["host"])
    except (EOFError, ssl.SSLError, ConnectionError):
        return "200 closed"


for line in sys.stdin:
    print(json.dumps(attempt_one(json.loads(line))), flush=True)
