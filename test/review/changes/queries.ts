/** Who may query and run what: Presto's rules, Hive's, Airflow's settings. */
import { edit, role, whole, type Change } from "./change";

const rules = (from: string, to: string) => edit("constructs/provisioning/presto-rules.ts", from, to);
const presto = (from: string, to: string) => edit("constructs/provisioning/render-presto.ts", from, to);
const airflow = (from: string, to: string) => role("airflow/templates/airflow.cfg.j2", from, to);

export const queries: readonly Change[] = [
  {
    name: "people who write",
    edits: [rules('allow: "read-only"', 'allow: "all"')],
    there: ["high query-rights-widened presto-1:/etc/presto/access-rules.json"],
    back: ["info query-rights-narrowed presto-1:/etc/presto/access-rules.json"],
  },
  {
    name: "people who insert",
    edits: [rules('privileges: ["SELECT"]', 'privileges: ["INSERT", "SELECT"]')],
    there: ["high query-rights-widened presto-1, presto-2:/etc/presto/hive-rules.json"],
    back: ["info query-rights-narrowed presto-1, presto-2:/etc/presto/hive-rules.json"],
  },
  {
    name: "people who own schemas",
    edits: [rules('{ schema: ".*", owner: false }', '{ schema: ".*", owner: true }')],
    there: ["high query-rights-widened presto-1, presto-2:/etc/presto/hive-rules.json"],
    back: ["info query-rights-narrowed presto-1, presto-2:/etc/presto/hive-rules.json"],
  },
  {
    name: "one more user who writes",
    edits: [
      rules(
        '{ user: BATCH, catalog: ".*", allow: "all" },',
        '{ user: BATCH, catalog: ".*", allow: "all" },\n    { user: "kim", catalog: ".*", allow: "all" },',
      ),
    ],
    there: ["high query-rights-widened presto-1:/etc/presto/access-rules.json"],
    back: ["info query-rights-narrowed presto-1:/etc/presto/access-rules.json"],
  },
  {
    name: "users who become others",
    edits: [rules('principal_to_user: "$1"', 'principal_to_user: ".*"')],
    there: [
      "high query-rights-widened presto-1:/etc/presto/access-rules.json",
      "info query-rights-narrowed presto-1:/etc/presto/access-rules.json",
    ],
    back: [
      "high query-rights-widened presto-1:/etc/presto/access-rules.json",
      "info query-rights-narrowed presto-1:/etc/presto/access-rules.json",
    ],
  },
  {
    name: "another order of rules",
    edits: [
      rules(
        '    { user: BATCH, catalog: ".*", allow: "all" },\n    { catalog: ".*", allow: "read-only" },',
        '    { catalog: ".*", allow: "read-only" },\n    { user: BATCH, catalog: ".*", allow: "all" },',
      ),
    ],
    there: ["high query-rights-widened presto-1:/etc/presto/access-rules.json"],
    back: ["high query-rights-widened presto-1:/etc/presto/access-rules.json"],
  },
  {
    name: "rules that Presto does not ask",
    edits: [presto("access-control.name=file", "access-control.name=allow-all")],
    there: ["high query-rights-widened presto-1:/etc/presto/access-control.properties"],
    back: ["info query-rights-narrowed presto-1:/etc/presto/access-control.properties"],
  },
  {
    name: "rules that the catalog does not ask",
    edits: [role("presto/templates/hive.properties.j2", "hive.security=file", "hive.security=legacy")],
    there: ["high query-rights-widened presto-1, presto-2:/etc/presto/catalog/hive.properties"],
    back: ["info query-rights-narrowed presto-1, presto-2:/etc/presto/catalog/hive.properties"],
  },
  {
    name: "HDFS without rights",
    edits: [
      edit(
        "pipeline/hadoop/configuration/storage.ts",
        '"dfs.permissions.enabled": "true"',
        '"dfs.permissions.enabled": "false"',
      ),
    ],
    there: ["high query-rights-widened stacks/batch-cluster/artifacts/ambari/blueprint.json"],
    back: ["info query-rights-narrowed stacks/batch-cluster/artifacts/ambari/blueprint.json"],
  },
  {
    name: "queries without any login",
    edits: [
      role("presto/templates/config.properties.j2", "http-server.authentication.type=CERTIFICATE,PASSWORD\n", ""),
    ],
    there: ["high tls-weakened presto-1:/etc/presto/config.properties"],
    back: ["info tls-strengthened presto-1:/etc/presto/config.properties"],
  },
  {
    name: "Presto in the clear",
    edits: [
      role("presto/templates/config.properties.j2", "http-server.http.enabled=false", "http-server.http.enabled=true"),
    ],
    there: ["high plain-http presto-1, presto-2:/etc/presto/config.properties"],
    back: ["info path-secured presto-1, presto-2:/etc/presto/config.properties"],
  },
  {
    name: "nodes of Presto in the clear",
    edits: [role("presto/templates/config.properties.j2", "https.required=true", "https.required=false")],
    there: ["high tls-weakened presto-1, presto-2:/etc/presto/config.properties"],
    back: ["info tls-strengthened presto-1, presto-2:/etc/presto/config.properties"],
  },
  {
    name: "Object Storage in the clear for Presto",
    edits: [
      role("presto/templates/hive.properties.j2", "endpoint=https", "endpoint=http"),
      role("presto/templates/hive.properties.j2", "ssl.enabled=true", "ssl.enabled=false"),
    ],
    there: [
      "high plain-http presto-1, presto-2:/etc/presto/catalog/hive.properties",
      "high plain-http presto-1, presto-2:/etc/presto/catalog/hive.properties",
    ],
    back: [
      "info path-secured presto-1, presto-2:/etc/presto/catalog/hive.properties",
      "info path-secured presto-1, presto-2:/etc/presto/catalog/hive.properties",
    ],
  },
  {
    name: "Airflow's configuration for whoever logs in",
    edits: [airflow("expose_config = False", "expose_config = True")],
    there: ["high query-rights-widened airflow-1:/etc/airflow/airflow.cfg"],
    back: ["info query-rights-narrowed airflow-1:/etc/airflow/airflow.cfg"],
  },
  {
    name: "an API of Airflow's that asks nobody",
    edits: [airflow("[webserver]", "[api]\nauth_backends = airflow.api.auth.backend.default\n\n[webserver]")],
    there: ["high query-rights-widened airflow-1:/etc/airflow/airflow.cfg"],
    back: ["info query-rights-narrowed airflow-1:/etc/airflow/airflow.cfg"],
  },
  {
    name: "Airflow without a login",
    edits: [
      role(
        "airflow/templates/webserver_config.py.j2",
        "AUTH_TYPE = AUTH_DB",
        'AUTH_TYPE = AUTH_DB\nAUTH_ROLE_PUBLIC = "Viewer"',
      ),
    ],
    there: ["high query-rights-widened airflow-1:/etc/airflow/webserver_config.py"],
    back: ["info query-rights-narrowed airflow-1:/etc/airflow/webserver_config.py"],
  },
  {
    name: "Airflow's web server for other hosts",
    edits: [airflow("web_server_host = 127.0.0.1", "web_server_host = 0.0.0.0")],
    there: ["medium network-opened airflow-1:/etc/airflow/airflow.cfg"],
    back: ["info network-narrowed airflow-1:/etc/airflow/airflow.cfg"],
  },
  {
    name: "Hadoop's services that speak for anybody",
    edits: [
      edit(
        "pipeline/hadoop/configuration/storage.ts",
        '"fs.trash.interval": "4320",',
        '"fs.trash.interval": "4320", "hadoop.proxyuser.hive.hosts": "*",',
      ),
    ],
    there: ["high query-rights-widened stacks/batch-cluster/artifacts/ambari/blueprint.json"],
    back: ["info query-rights-narrowed stacks/batch-cluster/artifacts/ambari/blueprint.json"],
  },
  {
    name: "another time zone",
    edits: [whole("time_zone: Asia/Seoul", "time_zone: Asia/Tokyo")],
    there: ["high cluster-zone plan.json"],
    back: ["high cluster-zone plan.json"],
  },
];
