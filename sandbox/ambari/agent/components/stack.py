"""The whole configuration of a cluster: what HDP's stack sets, what was handed over, and what the stand-in must have otherwise.

HDP 3.0's stack definition and its advisor set more than a thousand properties. Here are those that decide where something lies or listens
and what Hive, Spark and YARN do; for others the engines' own defaults hold. sandbox/limits.md lists STAND_IN.
"""

HDFS_PORTS = {
    "dfs.datanode.address": "0.0.0.0:50010",
    "dfs.datanode.http.address": "0.0.0.0:50075",
    "dfs.datanode.https.address": "0.0.0.0:50475",
    "dfs.datanode.ipc.address": "0.0.0.0:8010",
    "dfs.journalnode.http-address": "0.0.0.0:8480",
    "dfs.journalnode.rpc-address": "0.0.0.0:8485",
}

STACK = {
    "core-site": {
        "fs.trash.interval": "360",
        "hadoop.proxyuser.hive.groups": "*",
        "hadoop.proxyuser.hive.hosts": "*",
        "hadoop.security.authentication": "simple",
        "hadoop.security.authorization": "false",
        "io.file.buffer.size": "131072",
    },
    "hdfs-site": {
        **HDFS_PORTS,
        "dfs.blocksize": "134217728",
        "dfs.datanode.data.dir.perm": "750",
        "dfs.hosts.exclude": "/etc/hadoop/conf/dfs.exclude",
        "dfs.http.policy": "HTTP_ONLY",
        "dfs.namenode.acls.enabled": "true",
        "dfs.permissions.superusergroup": "hdfs",
        "dfs.webhdfs.enabled": "true",
        "fs.permissions.umask-mode": "022",
    },
    "yarn-site": {
        "yarn.acl.enable": "false",
        "yarn.log-aggregation-enable": "true",
        "yarn.nodemanager.address": "0.0.0.0:45454",
        "yarn.nodemanager.aux-services": "mapreduce_shuffle",
        "yarn.nodemanager.aux-services.mapreduce_shuffle.class": "org.apache.hadoop.mapred.ShuffleHandler",
        "yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage": "90",
        "yarn.nodemanager.remote-app-log-dir": "/app-logs",
        "yarn.nodemanager.remote-app-log-dir-suffix": "logs",
        "yarn.nodemanager.vmem-check-enabled": "false",
        "yarn.resourcemanager.scheduler.class": "org.apache.hadoop.yarn.server.resourcemanager.scheduler.capacity.CapacityScheduler",
    },
    "capacity-scheduler": {
        "yarn.scheduler.capacity.maximum-am-resource-percent": "0.5",
        "yarn.scheduler.capacity.resource-calculator": "org.apache.hadoop.yarn.util.resource.DefaultResourceCalculator",
        "yarn.scheduler.capacity.root.capacity": "100",
        "yarn.scheduler.capacity.root.default.capacity": "100",
        "yarn.scheduler.capacity.root.default.maximum-capacity": "100",
        "yarn.scheduler.capacity.root.default.state": "RUNNING",
        "yarn.scheduler.capacity.root.queues": "default",
    },
    "mapred-site": {
        "mapreduce.framework.name": "yarn",
        "mapreduce.jobhistory.done-dir": "/mr-history/done",
        "mapreduce.jobhistory.intermediate-done-dir": "/mr-history/tmp",
        "mapreduce.shuffle.port": "13562",
        "yarn.app.mapreduce.am.staging-dir": "/user",
    },
    "hive-site": {
        "hive.compactor.initiator.on": "true",
        "hive.compactor.worker.threads": "1",
        "hive.exec.dynamic.partition.mode": "nonstrict",
        "hive.exec.scratchdir": "/tmp/hive",
        "hive.execution.engine": "tez",
        "hive.metastore.schema.verification": "true",
        "hive.metastore.warehouse.dir": "/warehouse/tablespace/managed/hive",
        "hive.metastore.warehouse.external.dir": "/warehouse/tablespace/external/hive",
        "hive.server2.enable.doAs": "true",
        "hive.server2.support.dynamic.service.discovery": "true",
        "hive.server2.tez.initialize.default.sessions": "false",
        "hive.server2.thrift.port": "10000",
        "hive.server2.transport.mode": "binary",
        "hive.server2.zookeeper.namespace": "hiveserver2",
        "hive.support.concurrency": "true",
        "hive.txn.manager": "org.apache.hadoop.hive.ql.lockmgr.DbTxnManager",
    },
    "tez-site": {
        "tez.am.launch.cmd-opts": "",
        "tez.staging-dir": "/tmp/${user.name}/staging",
        "tez.task.launch.cmd-opts": "",
    },
    "spark2-defaults": {
        "spark.eventLog.dir": "hdfs:///spark2-history/",
        "spark.eventLog.enabled": "true",
        "spark.history.fs.logDirectory": "hdfs:///spark2-history/",
        "spark.history.ui.port": "18081",
        "spark.yarn.queue": "default",
    },
    "zoo.cfg": {
        "autopurge.purgeInterval": "24",
        "autopurge.snapRetainCount": "30",
        "clientPort": "2181",
        "initLimit": "10",
        "syncLimit": "5",
        "tickTime": "3000",
    },
}

HADOOP_JARS = "/opt/apache/hadoop/lib/*"

# HDP's packages have what these name elsewhere, or not at all here.
STAND_IN = {
    "core-site": {
        # s3proxy keeps objects as files: it can't delete the marker of a folder that has something in it.
        "fs.s3a.directory.marker.retention": "keep",
    },
    "hdfs-site": {
        "dfs.client.read.shortcircuit": "false",  # needs Hadoop's native library
    },
    "yarn-site": {
        "yarn.application.classpath": f"/etc/hadoop/conf,{HADOOP_JARS}",
        # Hadoop's own list, and what the sandbox's servers tell Java.
        "yarn.nodemanager.env-whitelist": "JAVA_HOME,HADOOP_COMMON_HOME,HADOOP_HDFS_HOME,HADOOP_CONF_DIR,CLASSPATH_PREPEND_DISTCACHE,"
        "HADOOP_YARN_HOME,HADOOP_HOME,PATH,LANG,TZ,JDK_JAVA_OPTIONS",
        "yarn.nodemanager.recovery.enabled": "false",
        "yarn.timeline-service.enabled": "false",
    },
    "mapred-site": {
        "mapreduce.application.classpath": f"/etc/hadoop/conf:{HADOOP_JARS}",
        "mapreduce.application.framework.path": "",
    },
    "hive-site": {
        "hive.async.log.enabled": "false",  # its logging library has no disruptor that Java 11 loads
        "hive.server2.materializedviews.registry.impl": "DUMMY",  # the other keeps an application of Tez for itself
        "hive.server2.webui.port": "0",  # its pages need a compiler of JSP
    },
    "tez-site": {
        # In front of the jar that Hive brings: a class of it that knows Java 11.
        "tez.cluster.additional.classpath.prefix": f"/opt/apache/hive/etc:/opt/apache/tez/lib/*:{HADOOP_JARS}",
        "tez.ignore.lib.uris": "true",
        "tez.lib.uris": "",
        "tez.lib.uris.classpath": "",
        "tez.session.am.dag.submit.timeout.secs": "60",  # memory that a session keeps after its last query
        "tez.use.cluster.hadoop-libs": "true",
    },
    "spark2-defaults": {
        "spark.yarn.archive": "",
        "spark.yarn.historyServer.address": "",
        "spark.yarn.jars": "local:/opt/apache/spark/jars/*",
    },
}


def whole(configuration):
    """Type -> property -> text. An empty text of STAND_IN takes the property away."""
    types = {}
    for part in (STACK, configuration, STAND_IN):
        for name, properties in part.items():
            types.setdefault(name, {}).update(properties)
    for name, properties in STAND_IN.items():
        for gone in [key for key, value in properties.items() if value == ""]:
            types[name].pop(gone, None)
    return types


def value(types, path, default=""):
    """ "hadoop-env/namenode_heapsize" """
    name, key = path.split("/")
    return types.get(name, {}).get(key, default)


def folders(types, path):
    """Local folders that a property lists; HDFS writes some as URIs."""
    parts = value(types, path).split(",")
    return [part[len("file://"):] if part.startswith("file://") else part for part in parts if part]
