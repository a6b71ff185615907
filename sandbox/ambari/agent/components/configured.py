"""Configuration files as HDP lays them, from the types of the blueprint. What holds a password is for those that need it."""
from . import files
from .stack import value
from .zookeeper import numbered

# Keys of hive-site that only Hive's daemons may read.
SERVER_ONLY = ("javax.jdo.option.ConnectionPassword", "hive.server2.keystore.password", "hive.metastore.keystore.password")

LOG4J = """# Standard error is the daemon's log; who did what in HDFS has a file of its own.
log4j.rootLogger=INFO,console
log4j.appender.console=org.apache.log4j.ConsoleAppender
log4j.appender.console.target=System.err
log4j.appender.console.layout=org.apache.log4j.PatternLayout
log4j.appender.console.layout.ConversionPattern=%d{ISO8601} %-5p %c{2} - %m%n
"""
AUDIT = """log4j.logger.org.apache.hadoop.hdfs.server.namenode.FSNamesystem.audit=INFO,audit
log4j.additivity.org.apache.hadoop.hdfs.server.namenode.FSNamesystem.audit=false
log4j.appender.audit=org.apache.log4j.RollingFileAppender
log4j.appender.audit.File=/var/log/hadoop/hdfs/hdfs-audit.log
log4j.appender.audit.MaxFileSize=256MB
log4j.appender.audit.MaxBackupIndex=20
log4j.appender.audit.layout=org.apache.log4j.PatternLayout
log4j.appender.audit.layout.ConversionPattern=%d{ISO8601} %p %c{2}: %m%n
"""
LOG4J2 = """rootLogger.level = info
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{ISO8601} %-5p %c{2} - %m%n
"""


def write(types, host):
    for name in ("hadoop", "hive", "tez", "spark2", "sqoop", "zookeeper"):
        files.folder(f"/etc/{name}/conf")
    files.folder("/etc/hive/conf.server", user="hive", mode=0o750)
    _hadoop(types, host)
    _hive(types, host)
    _spark(types)
    files.write("/etc/tez/conf/tez-site.xml", files.xml(types.get("tez-site", {})))
    files.write("/etc/sqoop/conf/sqoop-site.xml", files.xml(types.get("sqoop-site", {})))
    servers = {f"server.{number}": f"{name}:2888:3888" for number, name in numbered(host)}
    files.write("/etc/zookeeper/conf/zoo.cfg", files.lines({**types.get("zoo.cfg", {}), **servers}))
    files.write("/etc/zookeeper/conf/log4j.properties", LOG4J)


def _hadoop(types, host):
    conf = "/etc/hadoop/conf"
    for name in ("core-site", "hdfs-site", "yarn-site", "mapred-site", "capacity-scheduler"):
        files.write(f"{conf}/{name}.xml", files.xml(types.get(name, {})))
    for name in ("ssl-client", "ssl-server"):
        files.write(f"{conf}/{name}.xml", files.xml(types.get(name, {})), mode=0o640)
    files.write(f"{conf}/dfs.exclude", "")
    audited = "NAMENODE" in host["components"]
    files.write(f"{conf}/log4j.properties", LOG4J + (AUDIT if audited else ""))


def _hive(types, host):
    site = types.get("hive-site", {})
    open_to_all = {name: text for name, text in site.items() if name not in SERVER_ONLY}
    zookeeper = value(types, "hive-site/hive.zookeeper.quorum")
    namespace = value(types, "hive-site/hive.server2.zookeeper.namespace")
    url = f"jdbc:hive2://{zookeeper}/;serviceDiscoveryMode=zooKeeper;zooKeeperNamespace={namespace}"
    beeline = {"beeline.hs2.jdbc.url.container": url, "beeline.hs2.jdbc.url.default": "container"}
    files.write("/etc/hive/conf/hive-site.xml", files.xml(open_to_all))
    files.write("/etc/hive/conf/beeline-site.xml", files.xml(beeline))
    files.write("/etc/hive/conf.server/hive-site.xml", files.xml(site), user="hive", mode=0o640)
    for folder, mode in (("conf", 0o644), ("conf.server", 0o640)):
        files.write(f"/etc/hive/{folder}/hive-log4j2.properties", LOG4J2, mode=mode)
        files.write(f"/etc/hive/{folder}/log4j2.properties", LOG4J2, mode=mode)


def _spark(types):
    conf = "/etc/spark2/conf"
    names = ("hive.metastore.uris", "hive.metastore.warehouse.dir", "hive.metastore.use.SSL", "hive.metastore.truststore.path")
    site = {name: text for name, text in types.get("hive-site", {}).items() if name in names}
    files.write(f"{conf}/hive-site.xml", files.xml({**site, **types.get("spark2-hive-site-override", {})}))
    files.write(f"{conf}/spark-defaults.conf", files.lines(types.get("spark2-defaults", {}), " "))
    files.write(f"{conf}/log4j2.properties", LOG4J2.replace("level = info", "level = warn"))
