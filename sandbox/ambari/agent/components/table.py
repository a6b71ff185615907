"""Which component is what: a daemon of an engine, a client, or recorded only."""
import re
from typing import Callable, List, NamedTuple, Optional, Tuple

from . import hdfs, metastore, zookeeper
from .stack import folders, value

HDFS = "org.apache.hadoop.hdfs.server"
YARN = "org.apache.hadoop.yarn.server"
# As Hive's own script starts it: HiveServer2 expects a class loader that this makes (java-class: ENGINE_LOADER).
RUN_JAR = "org.apache.hadoop.util.RunJar"


class Daemon(NamedTuple):
    unit: str
    user: str
    # Engines whose jars it runs on, as java-class takes them.
    engines: str
    # Its class, and arguments.
    main: str
    # Property with its heap in MB, "2048" or "2048m".
    heap: str
    log: str
    # It answers on this port: a property "HOST:PORT", or PORT alone; the default behind it.
    answers: Tuple[str, str]
    # Properties that list local folders of its own, with their mode.
    folders: List[Tuple[str, int]] = []
    # Types -> folders of configuration, the first wins.
    conf: Tuple[str, ...] = ("/etc/hadoop/conf",)
    # Further variables of its environment.
    environment: Tuple[Tuple[str, str], ...] = ()
    # Property with a text whose -D options Java gets: Ambari's templates of shell scripts.
    options: str = ""
    # Before it starts, each time: formats, fills a schema, makes folders of HDFS.
    before: Optional[Callable] = None
    # After it answers.
    after: Optional[Callable] = None


DAEMONS = {
    "NAMENODE": Daemon(
        "hadoop-hdfs-namenode", "hdfs", "hadoop", f"{HDFS}.namenode.NameNode", "hadoop-env/namenode_heapsize",
        "/var/log/hadoop/hdfs/namenode.log", ("hdfs-site/dfs.namenode.rpc-address", "8020"),
        folders=[("hdfs-site/dfs.namenode.name.dir", 0o755)], before=hdfs.format_once, after=hdfs.make_shared,
    ),
    "SECONDARY_NAMENODE": Daemon(
        "hadoop-hdfs-secondarynamenode", "hdfs", "hadoop", f"{HDFS}.namenode.SecondaryNameNode", "hadoop-env/namenode_heapsize",
        "/var/log/hadoop/hdfs/secondarynamenode.log", ("hdfs-site/dfs.namenode.secondary.http-address", "50090"),
        folders=[("hdfs-site/dfs.namenode.checkpoint.dir", 0o755)],
    ),
    "DATANODE": Daemon(
        "hadoop-hdfs-datanode", "hdfs", "hadoop", f"{HDFS}.datanode.DataNode", "hadoop-env/dtnode_heapsize",
        "/var/log/hadoop/hdfs/datanode.log", ("hdfs-site/dfs.datanode.ipc.address", "8010"),
        folders=[("hdfs-site/dfs.datanode.data.dir", 0o750)],
    ),
    "RESOURCEMANAGER": Daemon(
        "hadoop-yarn-resourcemanager", "yarn", "hadoop", f"{YARN}.resourcemanager.ResourceManager", "yarn-env/resourcemanager_heapsize",
        "/var/log/hadoop-yarn/resourcemanager.log", ("yarn-site/yarn.resourcemanager.address", "8050"),
    ),
    "NODEMANAGER": Daemon(
        "hadoop-yarn-nodemanager", "yarn", "hadoop", f"{YARN}.nodemanager.NodeManager", "yarn-env/nodemanager_heapsize",
        "/var/log/hadoop-yarn/nodemanager.log", ("yarn-site/yarn.nodemanager.webapp.address", "8042"),
        folders=[("yarn-site/yarn.nodemanager.local-dirs", 0o755), ("yarn-site/yarn.nodemanager.log-dirs", 0o755)],
    ),
    "HISTORYSERVER": Daemon(
        "hadoop-mapreduce-historyserver", "mapred", "hadoop", "org.apache.hadoop.mapreduce.v2.hs.JobHistoryServer",
        "mapred-env/jobhistory_heapsize", "/var/log/hadoop-mapreduce/historyserver.log",
        ("mapred-site/mapreduce.jobhistory.address", "10020"), before=hdfs.make_history,
    ),
    "HIVE_METASTORE": Daemon(
        "hive-metastore", "hive", "hive", "org.apache.hadoop.hive.metastore.HiveMetaStore", "hive-env/hive.metastore.heapsize",
        "/var/log/hive/hivemetastore.log", ("hive-site/hive.metastore.port", "9083"),
        conf=("/etc/hive/conf.server", "/etc/hadoop/conf"), before=metastore.prepare, options="hive-env/content",
    ),
    "HIVE_SERVER": Daemon(
        "hive-server2", "hive", "hive,tez", f"{RUN_JAR} /opt/apache/hive/lib/hive-service-3.1.3.jar org.apache.hive.service.server.HiveServer2",
        "hive-env/hive.heapsize",
        "/var/log/hive/hiveserver2.log", ("hive-site/hive.server2.thrift.port", "10000"),
        conf=("/etc/hive/conf.server", "/etc/hadoop/conf", "/etc/tez/conf"), before=hdfs.make_warehouse, options="hive-env/content",
        environment=(("ENGINE_LOADER", "url"),),
    ),
    "SPARK2_JOBHISTORYSERVER": Daemon(
        "spark2-history-server", "spark", "spark", "org.apache.spark.deploy.history.HistoryServer", "spark2-env/spark_daemon_memory",
        "/var/log/spark2/history-server.log", ("spark2-defaults/spark.history.ui.port", "18081"),
        conf=("/etc/spark2/conf", "/etc/hadoop/conf"), before=hdfs.make_spark_history,
    ),
    "ZOOKEEPER_SERVER": Daemon(
        "zookeeper-server", "zookeeper", "hadoop", "org.apache.zookeeper.server.quorum.QuorumPeerMain /etc/zookeeper/conf/zoo.cfg",
        "zookeeper-env/zk_server_heapsize", "/var/log/zookeeper/zookeeper.log", ("zoo.cfg/clientPort", "2181"),
        folders=[("zoo.cfg/dataDir", 0o755)], conf=("/etc/zookeeper/conf",), before=zookeeper.own_number,
    ),
}


class Client(NamedTuple):
    # Commands of /usr/bin.
    commands: Tuple[str, ...] = ()
    # /usr/hdp/current/NAME -> the engine.
    current: Tuple[Tuple[str, str], ...] = ()


CLIENTS = {
    "HDFS_CLIENT": Client(("hadoop", "hdfs"), (("hadoop-client", "hadoop"), ("hadoop-hdfs-client", "hadoop"))),
    "YARN_CLIENT": Client(("yarn",), (("hadoop-yarn-client", "hadoop"),)),
    "MAPREDUCE2_CLIENT": Client(("mapred",), (("hadoop-mapreduce-client", "hadoop"),)),
    "TEZ_CLIENT": Client((), (("tez-client", "tez"),)),
    "HIVE_CLIENT": Client(("hive", "beeline"), (("hive-client", "hive"),)),
    "SPARK2_CLIENT": Client(("pyspark", "spark-shell", "spark-sql", "spark-submit"), (("spark2-client", "spark"),)),
    "SQOOP": Client(("sqoop",), (("sqoop-client", "sqoop"),)),
    "ZOOKEEPER_CLIENT": Client(("zookeeper-client",), (("zookeeper-client", "hadoop"),)),
}

RECORDED = {
    "APP_TIMELINE_SERVER",
    "TIMELINE_READER",
    "METRICS_COLLECTOR",
    "METRICS_GRAFANA",
    "METRICS_MONITOR",
    "KERBEROS_CLIENT",
}


def heap_of(daemon, types):
    """What java-class takes: "2048m"."""
    text = value(types, daemon.heap, "512")
    return text if text[-1:] in "mg" else f"{text}m"


def options_of(daemon, types):
    text = value(types, daemon.options, "") if daemon.options else ""
    return " ".join(re.findall(r"-D[\w.]+=[\w./+-]+", text))


def port_of(daemon, types):
    path, default = daemon.answers
    return int(value(types, path, default).rsplit(":", 1)[-1])


def folders_of(daemon, types):
    return [(path, mode) for name, mode in daemon.folders for path in folders(types, name)]
