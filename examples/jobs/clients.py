"""Commands of the cluster's clients, run on the node that has them: over ssh, under the account batch, without a shell."""
import shlex

from airflow.providers.ssh.operators.ssh import SSHOperator

# Where that node has this folder.
JOBS = "/opt/aws2ncp/jobs"
HIVE = "jdbc:hive2://hdp-2.aws2ncp.internal:10000/default"


def client(task_id, *words, minutes=60):
    return SSHOperator(
        task_id=task_id, ssh_conn_id="hadoop_client", command=shlex.join(words), cmd_timeout=minutes * 60, conn_timeout=30
    )


def beeline(task_id, script, **variables):
    """A script of Hive; its lines end the job at the first mistake."""
    named = [word for name, value in variables.items() for word in ("--hivevar", f"{name}={value}")]
    return client(task_id, "beeline", "--silent=true", "-u", HIVE, "-n", "batch", *named, "-f", f"{JOBS}/{script}")
