"""
Listens on a host's network interface for a text in clear: listen.py INTERFACE TEXT STOP

It prints a line once it listens. When the file STOP is there, it ends with JSON: packets seen, packets that the kernel dropped, and
between which addresses and ports the text went by, sorted: "10.0.2.11:40000 > 10.0.2.12:50010".
"""
import json
import os
import socket
import struct
import sys

ALL_PROTOCOLS = 3
SOL_PACKET, PACKET_STATISTICS, SO_RCVBUFFORCE = 263, 6, 33
BUFFER_BYTES = 512 * 1024**2


def flow_of(frame):
    """Who sends to whom in an Ethernet frame with TCP over IPv4; elsewhere only the kind of frame."""
    kind = struct.unpack("!H", frame[12:14])[0]
    if kind != 0x0800 or frame[23] != 6:
        return f"frame of type {kind:#06x}"
    header = 14 + (frame[14] & 15) * 4
    source, target = struct.unpack("!HH", frame[header : header + 4])
    return f"{socket.inet_ntoa(frame[26:30])}:{source} > {socket.inet_ntoa(frame[30:34])}:{target}"


def main(interface, text, stop):
    listener = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS))
    listener.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES)
    listener.bind((interface, 0))
    listener.settimeout(0.2)
    print("listens", flush=True)
    found, needle = set(), text.encode()
    while not os.path.exists(stop):
        try:
            frame = listener.recv(65536)
        except socket.timeout:
            continue
        if needle in frame:
            found.add(flow_of(frame))
    packets, dropped = struct.unpack("II", listener.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
    print(json.dumps({"packets": packets, "dropped": dropped, "found": sorted(found)}))


main(*sys.argv[1:])
