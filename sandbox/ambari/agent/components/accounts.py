"""Accounts of the services. The role hadoop_node makes them with fixed numbers; as Ambari does, what is missing is made here."""
import grp
import pwd
import subprocess

USERS = ("ambari-qa", "hdfs", "hive", "mapred", "spark", "sqoop", "tez", "yarn", "zookeeper")


def ensure():
    try:
        grp.getgrnam("hadoop")
    except KeyError:
        subprocess.run(["groupadd", "hadoop"], check=True)
    for user in USERS:
        try:
            pwd.getpwnam(user)
        except KeyError:
            subprocess.run(["useradd", "--create-home", "--gid", "hadoop", "--shell", "/bin/bash", user], check=True)
