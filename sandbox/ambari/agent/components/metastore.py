"""The metastore's schema, made once in the database that the blueprint names."""
from . import hdfs
from .errors import Failed
from .run import as_user

TOOL = "/opt/apache/bin/schematool"
CONF = {"HIVE_CONF_DIR": "/etc/hive/conf.server"}
# What the tool says of a database without a schema.
EMPTY = 'relation "VERSION" does not exist'


def prepare(types, host):
    try:
        as_user("hive", [TOOL, "-dbType", "postgres", "-info"], CONF)
    except Failed as failure:
        if EMPTY not in str(failure):
            raise
        as_user("hive", [TOOL, "-dbType", "postgres", "-initSchema"], CONF)
    hdfs.make_warehouse(types, host)
