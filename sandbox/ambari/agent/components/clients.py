"""Clients, as HDP's packages lay them: commands in /usr/bin, folders in /usr/hdp/current, configuration in /etc."""
from . import accounts, configured, files
from .stack import whole

APACHE = "/opt/apache"
CONF = {"hadoop": "hadoop", "hive": "hive", "spark": "spark2", "sqoop": "sqoop", "tez": "tez"}


def lay(folder, engine):
    """/usr/hdp/current/NAME with bin, lib and conf."""
    own = engine.split(",")[0]
    files.link(f"{folder}/bin", f"{APACHE}/bin")
    files.link(f"{folder}/lib", f"{APACHE}/{own}/lib")
    files.link(f"{folder}/conf", f"/etc/{CONF[own]}/conf")


def install(client, configuration, host):
    accounts.ensure()
    configured.write(whole(configuration), host)
    for command in client.commands:
        files.link(f"/usr/bin/{command}", f"{APACHE}/bin/{command}")
    for name, engine in client.current:
        lay(f"/usr/hdp/current/{name}", engine)
    return 0, f"{', '.join(client.commands) or 'configuration'}: installed\n", ""


def start(client, configuration, host):
    return 0, "", ""


def stop(client, configuration, host):
    return 0, "", ""


def status(client, configuration, host):
    return 0, "", ""
