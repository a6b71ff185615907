"""One attempt from inside a network namespace, or a server for such attempts. Prints one line of JSON."""
import json
import select
import socket
import struct
import sys

# Everything here is one machine: what has not come by then was dropped.
TIMEOUT = 0.7


def serve(tcp_ports, udp_ports):
    """Answers on each port with the address that the other end seems to have. Says "ready" first."""
    listeners, datagrams = [], []
    for port in tcp_ports:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("0.0.0.0", port))
        listener.listen()
        listeners.append(listener)
    for port in udp_ports:
        datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        datagram.bind(("0.0.0.0", port))
        datagrams.append(datagram)
    print("ready", flush=True)
    while True:
        for ready in select.select(listeners + datagrams, [], [])[0]:
            if ready in listeners:
                connection, (address, _) = ready.accept()
                connection.sendall(address.encode())
                connection.close()
            else:
                _, (address, port) = ready.recvfrom(512)
                ready.sendto(address.encode(), (address, port))


def client(kind, source):
    end = socket.socket(socket.AF_INET, kind)
    end.settimeout(TIMEOUT)
    if source:
        end.bind((source, 0))
    return end


def tcp(address, port, source):
    with client(socket.SOCK_STREAM, source) as end:
        end.connect((address, port))
        answer = end.recv(100).decode()
        # Nothing of this connection may be on its way once the attempt is over: a farewell that the rules of the next
        # attempt drop is sent again and again, and moves counters that are not its own. So: await the other end's, then reset.
        end.recv(1)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return answer


def udp(address, port, payload, source):
    with client(socket.SOCK_DGRAM, source) as end:
        end.sendto(payload, (address, port))
        return end.recv(512)


def name(server, host):
    question = struct.pack(">HHHHHH", 7, 0x0100, 1, 0, 0, 0)
    for label in host.split("."):
        question += bytes([len(label)]) + label.encode()
    answer = udp(server, 53, question + struct.pack(">BHH", 0, 1, 1), None)
    code, records = answer[3] & 15, struct.unpack(">H", answer[6:8])[0]
    return socket.inet_ntoa(answer[-4:]) if records else {3: "unknown", 5: "refused"}.get(code, "nothing")


def stratum(server):
    return udp(server, 123, bytes([0x23]) + bytes(47), None)[1]


def ping(address):
    """Echo request 7/1; its checksum is that of the header alone, for there is no payload."""
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as end:
        end.settimeout(TIMEOUT)
        end.sendto(struct.pack(">BBHHH", 8, 0, 0xFFFF - 0x0800 - 7 - 1, 7, 1), (address, 0))
        while True:
            packet, (sender, _) = end.recvfrom(512)
            if sender == address and packet[20] == 0:
                return "answered"


def attempt(o):
    try:
        if o["kind"] == "tcp":
            return tcp(o["address"], o["port"], o.get("source"))
        if o["kind"] == "udp":
            return udp(o["address"], o["port"], b"?", o.get("source")).decode()
        if o["kind"] == "ping":
            return ping(o["address"])
        if o["kind"] == "name":
            return name(o["address"], o["name"])
        return stratum(o["address"])
    except socket.timeout:
        return "dropped"
    except OSError as error:
        return f"error {error.errno}"


if __name__ == "__main__":
    options = json.loads(sys.argv[1])
    if options["kind"] == "serve":
        serve(options["tcp"], options.get("udp", []))
    print(json.dumps(attempt(options)))
