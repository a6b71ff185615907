import { placed, PROCESSES, running } from "../../../sandbox/rehearsal/cluster";

const none = Object.fromEntries(Object.keys(PROCESSES).map((name) => [name, []]));

it("reads from blueprint and template where each process belongs, and leaves out what is none", () => {
  const blueprint = {
    host_groups: [
      { name: "master", components: [{ name: "NAMENODE" }, { name: "DATANODE" }, { name: "HDFS_CLIENT" }] },
      { name: "workers", components: [{ name: "DATANODE" }, { name: "METRICS_MONITOR" }] },
    ],
  };
  const template = {
    host_groups: [
      { name: "master", hosts: [{ fqdn: "hdp-1.test" }] },
      { name: "workers", hosts: [{ fqdn: "hdp-3.test" }, { fqdn: "hdp-2.test" }] },
    ],
  };
  expect(placed(JSON.stringify(blueprint), JSON.stringify(template))).toEqual({
    ...none,
    NAMENODE: ["hdp-1"],
    DATANODE: ["hdp-1", "hdp-2", "hdp-3"],
  });
});

it("has a group of the blueprint without hosts run nowhere", () => {
  const blueprint = { host_groups: [{ name: "workers", components: [{ name: "DATANODE" }] }] };
  expect(placed(JSON.stringify(blueprint), JSON.stringify({ host_groups: [] }))).toEqual(none);
});

it("counts processes by the class that Java runs", () => {
  const java = "/usr/lib/jvm/aws2ncp-java/bin/java -Xmx512m -Xms16m";
  const listed = [
    "ARGS",
    `${java} org.apache.hadoop.hdfs.server.namenode.NameNode`,
    `${java} org.apache.hadoop.hdfs.server.datanode.DataNode`,
    `${java} org.apache.zookeeper.server.quorum.QuorumPeerMain /etc/zookeeper/conf/zoo.cfg`,
    `${java} -Duser.timezone=Asia/Seoul org.apache.hadoop.util.RunJar /opt/hive-service.jar org.apache.hive.service.server.HiveServer2`,
    "grep org.apache.hadoop.hdfs.server.namenode.NameNode -r",
  ];
  const second = [`${java} org.apache.hadoop.hdfs.server.namenode.SecondaryNameNode`, listed[2]];
  expect(running({ "hdp-2": second.join("\n"), "hdp-1": listed.join("\n") })).toEqual({
    ...none,
    NAMENODE: ["hdp-1"],
    SECONDARY_NAMENODE: ["hdp-2"],
    DATANODE: ["hdp-1", "hdp-2"],
    ZOOKEEPER_SERVER: ["hdp-1"],
    HIVE_SERVER: ["hdp-1"],
  });
});

it("asks every process something", () => {
  for (const [name, { ask, answer }] of Object.entries(PROCESSES)) {
    expect([name, answer.test("")]).toEqual([name, false]);
    expect([name, Object.keys(ask).length]).toEqual([name, "port" in ask ? 2 : 1]);
  }
});
