"""Keeps Java's trust store: keytool takes one certificate a run, and a bundle of public CAs has more than a hundred.

usage: trust_store.py BUNDLE PASSWORD STORE

BUNDLE is PEM, PASSWORD a file with the store's password in its first line. STORE, a JKS key store for all to read, is written
unless it holds just these certificates under this password already; a line on standard output says so. Exit 0, or 1 with
the reason.
"""
import base64
import binascii
import hashlib
import os
import re
import struct
import sys
import time

MAGIC, VERSION, TRUSTED = 0xFEEDFEED, 2, 2
PEM = re.compile(r"-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----(.*?)-----END", re.DOTALL)


def certificates_in(text):
    """DER of each, once, in an order of their own."""
    return sorted({base64.b64decode("".join(body.split()), validate=True) for body in PEM.findall(text)})


def utf(text):
    data = text.encode("ascii")
    return struct.pack(">H", len(data)) + data


def digest(password, data):
    return hashlib.sha1(password.encode("utf-16-be") + b"Mighty Aphrodite" + data).digest()


def store_of(certificates, password):
    """The format of Java's own JKS: names, times and certificates, and a digest that takes the password."""
    data = struct.pack(">III", MAGIC, VERSION, len(certificates))
    for certificate in certificates:
        name = utf(hashlib.sha256(certificate).hexdigest())
        data += struct.pack(">I", TRUSTED) + name + struct.pack(">q", int(time.time() * 1000)) + utf("X.509")
        data += struct.pack(">I", len(certificate)) + certificate
    return data + digest(password, data)


def without_times(data):
    """A store's bytes but for the times at which its certificates came: they and the digest are what differs between two runs."""
    kept, at = data[:12], 12
    while at < len(data) - 20:
        name_end = at + 6 + struct.unpack_from(">H", data, at + 4)[0]
        (length,) = struct.unpack_from(">I", data, name_end + 8 + 7)
        end = name_end + 8 + 7 + 4 + length
        kept, at = kept + data[at:name_end] + data[name_end + 8 : end], end
    return kept


def holds(path, wanted, password):
    try:
        with open(path, "rb") as file:
            data = file.read()
        return data[-20:] == digest(password, data[:-20]) and without_times(data) == without_times(wanted)
    except (FileNotFoundError, struct.error):
        return False


def write(path, data):
    new = path + ".new"
    with open(new, "wb") as file:
        os.fchmod(file.fileno(), 0o644)
        file.write(data)
        os.fsync(file.fileno())
    os.rename(new, path)


def main(bundle, password_file, path):
    with open(bundle, encoding="utf-8") as file:
        certificates = certificates_in(file.read())
    if not certificates:
        raise ValueError("{}: no certificate in it".format(bundle))
    with open(password_file, encoding="utf-8") as file:
        password = file.readline().rstrip("\n")
    data = store_of(certificates, password)
    if holds(path, data, password):
        print("present {}".format(path))
        return
    write(path, data)
    print("made {}: {} certificates".format(path, len(certificates)))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (OSError, ValueError, binascii.Error) as error:
        sys.exit("trust_store.py: {}".format(error))
