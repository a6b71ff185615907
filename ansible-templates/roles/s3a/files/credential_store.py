"""Keeps Hadoop's credential store, a JCEKS key store, without Java or Hadoop: it is wanted before either is on a host.

usage: credential_store.py VALUES STORE GROUP

VALUES has a line `ALIAS=VALUE` for each credential. STORE is written, for root and GROUP to read, unless it holds just
these already; a line on standard output says so. Exit 0, or 1 with the reason.

The store's password is "none", which Hadoop takes when it is told no other one: it scrambles, and keeps nothing from
whoever can read the file. So the file's mode is what protects it, and a key made from that password is no secret.
"""
import grp
import hashlib
import os
import struct
import subprocess
import sys
import time

PASSWORD = "none"
CIPHER = "PBEWithMD5AndTripleDES"
# What Java 8 takes; more of them would only delay each start of a Hadoop process.
ITERATIONS = 20
MAGIC, VERSION, SECRET_KEY = 0xCECECECE, 2, 3

# Java's serialization: constants of its grammar, and the descriptions of the classes that a key and its seal are made of.
STREAM = b"\xac\xed\x00\x05"
OBJECT, CLASS, STRING, ARRAY, REFERENCE, END, NULL = (bytes([code]) for code in b"\x73\x72\x74\x75\x71\x78\x70")
SERIALIZABLE = b"\x02"


def utf(text):
    data = text.encode("ascii")
    return struct.pack(">H", len(data)) + data


def reference(index):
    return REFERENCE + struct.pack(">I", 0x7E0000 + index)


def class_of(name, uid, fields, parent=NULL):
    return CLASS + utf(name) + bytes.fromhex(uid) + SERIALIZABLE + struct.pack(">H", len(fields)) + b"".join(fields) + END + parent


def array(data):
    return struct.pack(">I", len(data)) + data


BYTES = class_of("[B", "acf317f8060854e0", [])
KEY = class_of(
    "javax.crypto.spec.SecretKeySpec",
    "5b470b66e230614d",
    [b"L" + utf("algorithm") + STRING + utf("Ljava/lang/String;"), b"[" + utf("key") + STRING + utf("[B")],
)
SEAL = class_of(
    "com.sun.crypto.provider.SealedObjectForKeyProtector",
    "cd57ca59e730bb53",
    [],
    class_of(
        "javax.crypto.SealedObject",
        "3e363da6c3b75470",
        [
            b"[" + utf("encodedParams") + STRING + utf("[B"),
            b"[" + utf("encryptedContent") + reference(2),
            b"L" + utf("paramsAlg") + STRING + utf("Ljava/lang/String;"),
            b"L" + utf("sealAlg") + reference(3),
        ],
    ),
)
KEY_HEAD = STREAM + OBJECT + KEY + STRING + utf("AES") + ARRAY + BYTES
SEAL_HEAD = STREAM + OBJECT + SEAL + ARRAY + BYTES
SEAL_TAIL = STRING + utf(CIPHER)


def cipher(direction, salt, iterations, data):
    """Java's own way from a password to a key of Triple DES: each half of the salt gives a half of key and start vector."""
    derived = b""
    for half in (salt[:4], salt[4:]):
        for _ in range(iterations):
            half = hashlib.md5(half + PASSWORD.encode("ascii")).digest()
        derived += half
    key = ["-K", derived[:24].hex(), "-iv", derived[24:].hex()]
    return subprocess.run(["openssl", "enc", direction, "-des-ede3-cbc", *key], input=data, stdout=subprocess.PIPE, check=True).stdout


def sealed(value):
    salt = os.urandom(8)
    while salt[:4] == salt[4:]:  # Java would mend such a salt in a way of its own
        salt = os.urandom(8)
    parameters = b"\x30\x0d\x04\x08" + salt + b"\x02\x01" + bytes([ITERATIONS])
    content = cipher("-e", salt, ITERATIONS, KEY_HEAD + array(value.encode("utf-8")))
    return SEAL_HEAD + array(parameters) + ARRAY + reference(5) + array(content) + SEAL_TAIL + SEAL_TAIL


def digest(data):
    return hashlib.sha1(PASSWORD.encode("utf-16-be") + b"Mighty Aphrodite" + data).digest()


def store_of(values):
    data = struct.pack(">III", MAGIC, VERSION, len(values))
    for alias, value in sorted(values.items()):
        data += struct.pack(">I", SECRET_KEY) + utf(alias) + struct.pack(">q", int(time.time() * 1000)) + sealed(value)
    return data + digest(data)


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        part = self.data[self.at : self.at + count]
        self.at += count
        return part

    def expect(self, wanted):
        if self.take(len(wanted)) != wanted:
            raise ValueError("not as this program writes it")

    def number(self, form):
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]


def values_in(data):
    """What a store holds that this program has written; ValueError, struct.error or IndexError for any other bytes."""
    if data[-20:] != digest(data[:-20]):
        raise ValueError("damaged")
    reader, values = Reader(data[:-20]), {}
    reader.expect(struct.pack(">II", MAGIC, VERSION))
    for _ in range(reader.number(">I")):
        reader.expect(struct.pack(">I", SECRET_KEY))
        alias = reader.take(reader.number(">H")).decode("ascii")
        reader.take(8)
        reader.expect(SEAL_HEAD)
        parameters = reader.take(reader.number(">I"))
        reader.expect(ARRAY + reference(5))
        key = cipher("-d", parameters[4:12], parameters[14], reader.take(reader.number(">I")))
        reader.expect(SEAL_TAIL + SEAL_TAIL)
        if not key.startswith(KEY_HEAD):
            raise ValueError("not as this program writes it")
        values[alias] = key[len(KEY_HEAD) + 4 :].decode("utf-8")
    return values


def read_values(path):
    with open(path, encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file]
    values = dict(line.split("=", 1) for line in lines if "=" in line)
    if not values or "" in values.values() or len(values) != len(lines):
        raise ValueError("{}: allowed: a line ALIAS=VALUE for each credential".format(path))
    return values


def holds(path, values):
    try:
        with open(path, "rb") as file:
            return values_in(file.read()) == values
    except (FileNotFoundError, ValueError, IndexError, struct.error, subprocess.CalledProcessError):
        return False


def write(path, data, group):
    new = path + ".new"
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        os.fchown(descriptor, 0, grp.getgrnam(group).gr_gid)
        os.fchmod(descriptor, 0o640)
        file.write(data)
        os.fsync(descriptor)
    os.rename(new, path)


def main(values_file, path, group):
    values = read_values(values_file)
    if holds(path, values):
        print("present {}".format(path))
        return
    write(path, store_of(values), group)
    print("made {}: {}".format(path, ", ".join(sorted(values))))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (OSError, ValueError, KeyError, subprocess.CalledProcessError) as error:
        sys.exit("credential_store.py: {}".format(error))
