"""ZooKeeper's own number, by the order of its hosts."""
from . import files
from .stack import value


def numbered(host):
    return list(enumerate(host["hosts"].get("ZOOKEEPER_SERVER", []), start=1))


def own_number(types, host):
    number = next(number for number, name in numbered(host) if name == host["name"])
    files.write(f"{value(types, 'zoo.cfg/dataDir')}/myid", f"{number}\n", user="zookeeper")
