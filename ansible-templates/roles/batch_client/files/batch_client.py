"""
What sshd starts for the key of the batch jobs, whatever was asked for: one of the cluster's clients, without a shell, with the
arguments as they came. `ssh batch@NODE spark-submit /opt/aws2ncp/jobs/delays.py 2013`. Who asked for what is in the journal.
"""
import os
import shlex
import sys
import syslog

# Links that the distribution's packages make.
PROGRAMS = {"beeline": "/usr/bin/beeline", "spark-submit": "/usr/bin/spark-submit", "sqoop": "/usr/bin/sqoop"}

ENVIRONMENT = {
    "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
    "LANG": "C.UTF-8",
    "JAVA_HOME": "/usr/lib/jvm/aws2ncp-java",
    "SPARK_MAJOR_VERSION": "2",  # HDP has links for two
}


def refuse(why):
    print(f"{why}\n  allowed: {', '.join(sorted(PROGRAMS))}, with arguments", file=sys.stderr)
    return 2


def command_of(text, programs=None):
    """The program and its arguments. @raises ValueError on anything else"""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise ValueError(f"the command can't be read: {error}") from None
    if not words:
        raise ValueError("no command")
    known = PROGRAMS if programs is None else programs
    if words[0] not in known:
        raise ValueError(f"{words[0]!r} is none of the programs that this key starts")
    return [known[words[0]]] + words[1:]


def main():
    asked = os.environ.get("SSH_ORIGINAL_COMMAND", "")
    try:
        command = command_of(asked)
    except ValueError as error:
        return refuse(str(error))
    origin = os.environ.get("SSH_CONNECTION", "").split(" ")[0]
    syslog.openlog("aws2ncp-batch")
    syslog.syslog(f"from {origin}: {shlex.join(command)}")
    environment = dict(ENVIRONMENT, HOME=os.environ["HOME"], USER=os.environ["USER"], LOGNAME=os.environ["LOGNAME"])
    if not os.path.exists(command[0]):
        print(f"{command[0]} is not here: the cluster's clients come with Ambari's components", file=sys.stderr)
        return 127
    os.chdir(environment["HOME"])
    os.execve(command[0], command, environment)
    return 1


if __name__ == "__main__":
    sys.exit(main())
