/** Bad input about the batch cluster and what stands beside it: the whole message of each, at its place in the file. */
import { PipelineError } from "../../pipeline/errors";
import { loadPipeline } from "../../pipeline/load";
import { wholePipelineFile } from "../fixtures/pipeline";

type Change = readonly [string, string];

function told(...changes: readonly Change[]): string[] {
  try {
    loadPipeline(wholePipelineFile(...changes));
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return error.message
      .split(/\n(?=\S*pipeline\.yaml:)/)
      .map((each) => each.replace(/^\S*pipeline\.yaml:\d+:\d+ {2}/, ""));
  }
  return [];
}

const node = (number: number): string =>
  `  hdp-${number}: { image: hdp-node, spec: s4-g3, volume: { size_gb: 10, mount: /data/1 } }\n`;

const ROWS: readonly (readonly [kind: string, changes: readonly Change[], says: readonly string[]])[] = [
  [
    "an image that nobody knows",
    [["presto-1: { image: ubuntu-22.04-base", "presto-1: { image: ubuntu-16.04-base"]],
    [
      'hosts.presto-1.image: "ubuntu-16.04-base" is not known\n' +
        "  allowed: rocky-8.10-base, ubuntu-20.04-base, ubuntu-22.04-base, ubuntu-24.04-base, hdp-node\n" +
        "  try: write one of these, or describe your own under images",
    ],
  ],
  [
    "an image whose Python is too old for Airflow",
    [["airflow-1: { image: ubuntu-22.04-base", "airflow-1: { image: ubuntu-20.04-base"]],
    [
      "hosts.airflow-1.image: \"ubuntu-20.04-base\" can't carry role airflow: its Python is 3.8, and Airflow's packages are for 3.10 to 3.12\n" +
        "  allowed: rocky-8.10-base, ubuntu-22.04-base, ubuntu-24.04-base\n" +
        "  try: choose one of these before the first deploy: another image replaces the server",
    ],
  ],
  [
    "a member image whose Python is too new for Airflow",
    [
      ["airflow-1: { image: ubuntu-22.04-base", "airflow-1: { image: next"],
      ["images:\n", 'images:\n  next: { member_server_image_no: "4712", os: ubuntu24, python: "3.13" }\n'],
    ],
    [
      "hosts.airflow-1.image: \"next\" can't carry role airflow: its Python is 3.13, and Airflow's packages are for 3.10 to 3.12\n" +
        "  allowed: rocky-8.10-base, ubuntu-22.04-base, ubuntu-24.04-base\n" +
        "  try: choose one of these before the first deploy: another image replaces the server",
    ],
  ],
  [
    "a member image of a system that no distribution has",
    [["os: ubuntu16", "os: ubuntu15"]],
    [
      'images.hdp-node.os: "ubuntu15" is no system of any distribution\n' +
        "  allowed: amazonlinux2, debian9, openeuler22, redhat7, redhat8, redhat9, suse12, ubuntu14, ubuntu16, ubuntu22, ubuntu24\n" +
        "  try: write what /etc/os-release says as one of these",
      ...[1, 2, 3].map(
        (number) =>
          `hosts.hdp-${number}.image: "ubuntu15" has no packages of hdp-3.1\n` +
          "  allowed: redhat7, ubuntu14, ubuntu16, debian9, suse12, amazonlinux2\n" +
          "  try: another image, or a member server image (member_server_image_no)",
      ),
    ],
  ],
  [
    "an image of the platform under HDP 3.1",
    [[node(2), node(2).replace("hdp-node", "ubuntu-22.04-base")]],
    [
      'hosts.hdp-2.image: "ubuntu22" has no packages of hdp-3.1\n' +
        "  allowed: redhat7, ubuntu14, ubuntu16, debian9, suse12, amazonlinux2\n" +
        "  try: distribution: odp-1.2 or odp-1.3, which runs on ubuntu22; or a member server image (member_server_image_no)",
    ],
  ],
  [
    "two nodes",
    [[node(3), ""]],
    ["hosts: 2 nodes\n  allowed: 3 or more: ZooKeeper and the JournalNodes need a majority"],
  ],
  [
    "a gap in the numbers",
    [[node(3), node(4)]],
    [
      "hosts.hdp-4: hdp-3 is missing before it\n" +
        "  allowed: hdp-1, hdp-2 and so on, without a gap: a node's number is its place in the layout\n" +
        "  try: name it hdp-3",
    ],
  ],
  [
    "a node without a data disk",
    [[node(3), "  hdp-3: { image: hdp-node, spec: s4-g3 }\n"]],
    ["hosts.hdp-3.volume: no data disk\n  allowed: one or more: HDFS never shares the system's disk"],
  ],
  [
    "a section without its hosts",
    [["  airflow-1: { image", "  sync-2: { image"]],
    [
      "hosts: 2 hosts of role sync\n  allowed: exactly 1\n  try: keep sync-1",
      "airflow: there is no host of role airflow for it\n" +
        "  allowed: hosts of role airflow and the section airflow, both or neither\n" +
        "  try: add airflow-1 under hosts, or remove the section",
    ],
  ],
  [
    "a package host that the proxy does not admit",
    [["http://packages.ncp.test/ambari", "http://elsewhere.ncp.test/ambari"]],
    [
      "cluster.ambari_repository: elsewhere.ncp.test is not among proxy.package_hosts, and private hosts reach no other\n" +
        "  allowed: packages.ncp.test\n  try: add elsewhere.ncp.test under proxy.package_hosts",
    ],
  ],
  [
    "kerberos without its section",
    [["  distribution: hdp-3.1\n", "  distribution: hdp-3.1\n  security: kerberos\n"]],
    [
      "cluster.security: kerberos: the section cluster.kerberos is missing\n" +
        "  allowed: security: kerberos with cluster.kerberos, or neither\n" +
        "  try: add kerberos: { realm, kdc_hosts, admin_server, admin_principal }",
    ],
  ],
  [
    "a secret of the cluster that is missing",
    [['  hive_db_password: { from: "file:out/sandbox/secrets/hive-db-password", version: 1 }\n', ""]],
    [
      "secrets.hive_db_password: does not fit: it is given with the section cluster, and only then\n" +
        "  allowed: a reference to where it is kept: env:NAME, file:PATH or command:PROGRAM ARGS\n" +
        '  try: add hive_db_password: { from: "env:HIVE_DB_PASSWORD", version: 1 } under secrets, or remove it; docs/secrets.md says what it is',
    ],
  ],
  [
    "a repository of another distribution",
    [["      HDP-UTILS: http", "      HDP-GPL: http"]],
    [
      "cluster.repository.base_urls.HDP-UTILS: is missing\n  allowed: the URL of the repository HDP-UTILS",
      "cluster.repository.base_urls.HDP-GPL: is no repository of hdp-3.1\n  allowed: HDP, HDP-UTILS",
    ],
  ],
];

it.each(ROWS)("%s", (_, changes, says) => {
  expect(told(...changes)).toEqual(expect.arrayContaining([...says]));
  expect(told(...changes)).toHaveLength(says.length);
});

it("accepts the example, and one node more", () => {
  expect(told()).toEqual([]);
  expect(told([node(3), node(3) + node(4)])).toEqual([]);
});
