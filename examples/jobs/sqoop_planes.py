"""
A job of Sqoop: table planes of a PostgreSQL, into HDFS, and a table of Hive over it.

The database's password is in a credential store of the account that runs the job, never in a command. Once, on the third node:
  sudo -u batch hadoop credential create planes.password -provider localjceks://file/home/batch/sqoop.jceks
"""
import pendulum
from airflow.decorators import dag
from company.clients import beeline, client

DATABASE = (
    "jdbc:postgresql://hdp-1.aws2ncp.internal:5432/planes?ssl=true&sslmode=verify-full&sslrootcert=/etc/aws2ncp/tls/trust.pem"
)
RESULT = "/tmp/planes_by_sqoop"


@dag(schedule=None, start_date=pendulum.datetime(2020, 1, 1, tz="UTC"), tags=["example"])
def sqoop_planes():
    fetch = client(
        "fetch",
        *["sqoop", "import", "-Dhadoop.security.credential.provider.path=localjceks://file/home/batch/sqoop.jceks"],
        *["--connect", DATABASE, "--username", "planes", "--password-alias", "planes.password"],
        *["--table", "planes", "--num-mappers", "1", "--target-dir", RESULT, "--delete-target-dir"],
        *["--fields-terminated-by", "\\t", "--null-string", "\\\\N", "--null-non-string", "\\\\N"],
    )
    fetch >> beeline("table", "hive/planes_by_sqoop.sql", location=RESULT)


sqoop_planes()
