/** The cluster and the engines, made in the example that has them. */
import { edit, whole, type Change } from "./change";

const node = "  hdp-3: { image: hdp-node, spec: s4-g3, volume: { size_gb: 10, mount: /data/1 } }\n";

/** Room for more services. */
const BIGGER = [1, 2, 3].map((number) =>
  whole(`hdp-${number}: { image: hdp-node, spec: s4-g3`, `hdp-${number}: { image: hdp-node, spec: s8-g3`),
);

export const cluster: readonly Change[] = [
  {
    name: "two NameNodes",
    both: BIGGER,
    edits: [whole("  distribution: hdp-3.1\n", "  distribution: hdp-3.1\n  layout: ha\n")],
    there: ["high cluster-layout stacks/batch-cluster/artifacts/ambari/blueprint.json"],
    back: ["high cluster-layout stacks/batch-cluster/artifacts/ambari/blueprint.json"],
  },
  {
    name: "one more node",
    edits: [whole(node, `${node}${node.replace("hdp-3", "hdp-4")}`)],
    there: [
      "low network-opened network/airflow-group/rules",
      "low ssh-widened proxy-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
      "low proxy-clients-widened proxy-1:/etc/squid/squid.conf",
      "low secret-spread hdp-4:/etc/aws2ncp/s3a.keys",
      "low secret-spread hdp-4:/etc/aws2ncp/s3a.keys",
      "low secret-spread hdp-4:/etc/aws2ncp/tls/host.crt",
      "low secret-spread hdp-4:/etc/aws2ncp/tls/host.key",
      "low secret-spread hdp-4:/etc/aws2ncp/tls/keystore.password",
      "low secret-spread hdp-4:/etc/aws2ncp/tls/trust.pem",
      "low secret-spread hdp-4:/etc/aws2ncp/tls/truststore.password",
      "info cluster-grown hdp-4:stacks/batch-cluster/artifacts/ambari/blueprint.json",
    ],
    back: [
      "critical data-destroyed batch-cluster/hdp-4/server",
      "critical data-destroyed batch-cluster/hdp-4/volume",
      "high cluster-layout hdp-4:stacks/batch-cluster/artifacts/ambari/blueprint.json",
      "info network-narrowed network/airflow-group/rules",
      "info ssh-narrowed proxy-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
      "info proxy-clients-narrowed proxy-1:/etc/squid/squid.conf",
    ],
  },
  {
    name: "components on another node",
    edits: [
      edit("pipeline/hadoop/placement.ts", '    "RESOURCEMANAGER",\n    "TIMELINE_READER",', '    "TIMELINE_READER",'),
      edit(
        "pipeline/hadoop/placement.ts",
        "    ...distribution.besideHive,\n  ],\n  [],",
        '    ...distribution.besideHive,\n  ],\n  ["RESOURCEMANAGER"],',
      ),
    ],
    there: [
      "high cluster-layout hdp-2:stacks/batch-cluster/artifacts/ambari/blueprint.json",
      "high cluster-layout hdp-3:stacks/batch-cluster/artifacts/ambari/blueprint.json",
    ],
    back: [
      "high cluster-layout hdp-2:stacks/batch-cluster/artifacts/ambari/blueprint.json",
      "high cluster-layout hdp-3:stacks/batch-cluster/artifacts/ambari/blueprint.json",
    ],
  },
  {
    name: "host groups of other names",
    edits: [edit("pipeline/hadoop/placement.ts", "name: `master${index + 1}`", "name: `head${index + 1}`")],
    there: [
      "high cluster-layout hdp-1:stacks/batch-cluster/artifacts/ambari/blueprint.json",
      "high cluster-layout hdp-2:stacks/batch-cluster/artifacts/ambari/blueprint.json",
      "high cluster-layout hdp-3:stacks/batch-cluster/artifacts/ambari/blueprint.json",
    ],
    back: [
      "high cluster-layout hdp-1:stacks/batch-cluster/artifacts/ambari/blueprint.json",
      "high cluster-layout hdp-2:stacks/batch-cluster/artifacts/ambari/blueprint.json",
      "high cluster-layout hdp-3:stacks/batch-cluster/artifacts/ambari/blueprint.json",
    ],
  },
  {
    name: "Kerberos",
    edits: [
      whole(
        "  distribution: hdp-3.1\n",
        "  distribution: hdp-3.1\n  security: kerberos\n  kerberos: { realm: AWS2NCP.INTERNAL, kdc_hosts: [kdc-1.aws2ncp.internal], admin_server: kdc-1.aws2ncp.internal, admin_principal: admin/admin@AWS2NCP.INTERNAL }\n",
      ),
      whole(
        "  presto_tls_cert:",
        '  kerberos_admin_password: { from: "env:KERBEROS", version: 1 }\n  presto_tls_cert:',
      ),
    ],
    there: [
      "high cluster-layout stacks/batch-cluster/artifacts/ambari/blueprint.json",
      "info query-rights-narrowed stacks/batch-cluster/artifacts/ambari/blueprint.json",
    ],
    back: [
      "high query-rights-widened stacks/batch-cluster/artifacts/ambari/blueprint.json",
      "high cluster-layout stacks/batch-cluster/artifacts/ambari/blueprint.json",
    ],
  },
  {
    name: "a newer build of the distribution",
    edits: [whole("version: 3.1.0.0-78", "version: 3.1.4.0-315")],
    there: ["high distribution-changed stacks/batch-cluster/artifacts/ambari/version-definition.xml"],
    back: ["high distribution-changed stacks/batch-cluster/artifacts/ambari/version-definition.xml"],
  },
  {
    name: "a newer Presto",
    edits: [whole('version: "0.287"', 'version: "0.288"')],
    there: ["medium engine-changed plan.json"],
    back: ["medium engine-changed plan.json"],
  },
  {
    name: "one Presto worker less",
    edits: [whole("  presto-2: { image: ubuntu-22.04-base, spec: s2-g3 }\n", "")],
    there: [
      "high server-removed query/presto-2/server",
      "info network-narrowed network/airflow-group/rules",
      "info ssh-narrowed proxy-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
      "info proxy-clients-narrowed proxy-1:/etc/squid/squid.conf",
    ],
    back: [
      "low network-opened network/airflow-group/rules",
      "low ssh-widened proxy-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
      "low proxy-clients-widened proxy-1:/etc/squid/squid.conf",
      "low secret-spread presto-2:/etc/aws2ncp/tls/host.crt, /etc/presto/tls/server.crt, /etc/presto/tls/server.pem",
      "low secret-spread presto-2:/etc/aws2ncp/tls/host.key, /etc/presto/tls/server.pem",
      "low secret-spread presto-2:/etc/aws2ncp/tls/keystore.password",
      "low secret-spread presto-2:/etc/aws2ncp/tls/trust.pem",
      "low secret-spread presto-2:/etc/aws2ncp/tls/truststore.password",
      "low secret-spread presto-2:/etc/presto/catalog/hive.properties",
      "low secret-spread presto-2:/etc/presto/catalog/hive.properties",
      "low secret-spread presto-2:/etc/presto/config.properties",
      "low secret-spread presto-2:/etc/presto/tls/node.crt, /etc/presto/tls/node.pem",
      "low secret-spread presto-2:/etc/presto/tls/node.pem",
    ],
  },
  {
    name: "a bigger spec of the nodes",
    edits: [whole("  hdp-1: { image: hdp-node, spec: s4-g3", "  hdp-1: { image: hdp-node, spec: s8-g3")],
    there: [],
    back: [],
  },
];
