/** The secure path of personal data. */
import { edit, production, role, type Change } from "./change";

const transfer = (from: string, to: string) => edit("constructs/provisioning/render-transfer.ts", from, to);
const squid = (from: string, to: string) => role("squid/templates/squid.conf.j2", from, to);
const inner = (from: string, to: string) => role("squid/templates/inner.conf.j2", from, to);

export const securePath: readonly Change[] = [
  {
    name: "query strings in the proxy's log",
    edits: [squid("strip_query_terms on", "strip_query_terms off")],
    there: ["high query-logged proxy-1:/etc/squid/squid.conf"],
    back: ["info query-log-ended proxy-1:/etc/squid/squid.conf"],
  },
  {
    name: "an older TLS at port A",
    edits: [squid("tls-min-version=1.2", "tls-min-version=1.0")],
    there: ["high tls-weakened proxy-1:/etc/squid/squid.conf"],
    back: ["info tls-strengthened proxy-1:/etc/squid/squid.conf"],
  },
  {
    name: "port A without client certificates",
    edits: [squid(" clientca={{ tls.clientCa }}", "")],
    there: ["high tls-weakened proxy-1:/etc/squid/squid.conf"],
    back: ["info tls-strengthened proxy-1:/etc/squid/squid.conf"],
  },
  {
    name: "port A in the clear",
    edits: [
      squid(
        "https_port {{ host.address }}:{{ plan.proxy.portA }}",
        "http_port {{ host.address }}:{{ plan.proxy.portA }}",
      ),
    ],
    there: ["high plain-http proxy-1:/etc/squid/squid.conf"],
    back: ["info path-secured proxy-1:/etc/squid/squid.conf"],
  },
  {
    name: "no list of revoked certificates",
    edits: [production('\n  proxy_client_crl: { from: "file:certs/crl.pem", version: 1 }', "")],
    there: [
      "high tls-weakened proxy-1:/etc/squid/squid.conf",
      "info secret-withdrawn proxy-1:/etc/squid/tls/client.crl",
    ],
    back: [
      "low secret-spread proxy-1:/etc/squid/tls/client.crl",
      "info tls-strengthened proxy-1:/etc/squid/squid.conf",
    ],
  },
  {
    name: "port A past the inner squid",
    edits: [squid("never_direct allow portA\n", "")],
    there: ["high proxy-bypassed proxy-1:/etc/squid/squid.conf"],
    back: ["info path-secured proxy-1:/etc/squid/squid.conf"],
  },
  {
    name: "connections whose SNI names another host",
    edits: [inner("ssl_bump terminate all", "ssl_bump splice all")],
    there: ["high tls-weakened proxy-1:/etc/squid/inner.conf"],
    back: ["info tls-strengthened proxy-1:/etc/squid/inner.conf"],
  },
  {
    name: "a proxy that admits what no rule names",
    edits: [squid("http_access deny all", "http_access allow all")],
    there: ["high proxy-bypassed proxy-1:/etc/squid/squid.conf", "high path-widened proxy-1:/etc/squid/squid.conf"],
    back: ["info path-narrowed proxy-1:/etc/squid/squid.conf", "info path-secured proxy-1:/etc/squid/squid.conf"],
  },
  {
    name: "Object Storage in the clear",
    edits: [
      role(
        "rclone/templates/rclone.conf.j2",
        "endpoint = https://{{ plan.objectStorage.host }}",
        "endpoint = http://{{ plan.objectStorage.host }}",
      ),
    ],
    there: [
      "high plain-http sync-1:/etc/aws2ncp/rclone.conf",
      "high path-widened sync-1:/etc/aws2ncp/rclone.conf",
      "info path-narrowed sync-1:/etc/aws2ncp/rclone.conf",
    ],
    back: [
      "high path-widened sync-1:/etc/aws2ncp/rclone.conf",
      "info path-narrowed sync-1:/etc/aws2ncp/rclone.conf",
      "info path-secured sync-1:/etc/aws2ncp/rclone.conf",
    ],
  },
  {
    name: "copies without the proxy",
    edits: [transfer("HTTPS_PROXY: `https://${proxy.fqdn}:${plan.proxy.portA}`,", "")],
    there: [
      "high proxy-bypassed sync-1:/etc/aws2ncp/sync/api_log.json, /etc/aws2ncp/sync/event_log.json, /etc/aws2ncp/sync/hive.json",
    ],
    back: [
      "info path-secured sync-1:/etc/aws2ncp/sync/api_log.json, /etc/aws2ncp/sync/event_log.json, /etc/aws2ncp/sync/hive.json",
    ],
  },
  {
    name: "copies through the proxy in the clear",
    edits: [transfer("HTTPS_PROXY: `https://", "HTTPS_PROXY: `http://")],
    there: [
      "high proxy-bypassed sync-1:/etc/aws2ncp/sync/api_log.json, /etc/aws2ncp/sync/event_log.json, /etc/aws2ncp/sync/hive.json",
    ],
    back: [
      "info path-secured sync-1:/etc/aws2ncp/sync/api_log.json, /etc/aws2ncp/sync/event_log.json, /etc/aws2ncp/sync/hive.json",
    ],
  },
  {
    name: "the source past the proxy",
    edits: [
      transfer("NO_PROXY: plan.objectStorage.host,", "NO_PROXY: `${plan.objectStorage.host},${plan.source.host}`,"),
    ],
    there: [
      "high proxy-bypassed sync-1:/etc/aws2ncp/sync/api_log.json, /etc/aws2ncp/sync/event_log.json, /etc/aws2ncp/sync/hive.json",
    ],
    back: [
      "info path-secured sync-1:/etc/aws2ncp/sync/api_log.json, /etc/aws2ncp/sync/event_log.json, /etc/aws2ncp/sync/hive.json",
    ],
  },
  {
    name: "one more package host",
    edits: [
      production(
        "package_hosts: [packages.company.example]",
        "package_hosts: [packages.company.example, files.company.example]",
      ),
    ],
    there: ["medium path-widened proxy-1:/etc/squid/squid.conf"],
    back: ["info path-narrowed proxy-1:/etc/squid/squid.conf"],
  },
  {
    name: "copies that trust every CA",
    edits: [transfer('      ...["--ca-cert", TRUST],\n', "")],
    there: [
      "high tls-weakened sync-1:/etc/aws2ncp/sync/api_log.json, /etc/aws2ncp/sync/event_log.json, /etc/aws2ncp/sync/hive.json",
    ],
    back: [
      "info tls-strengthened sync-1:/etc/aws2ncp/sync/api_log.json, /etc/aws2ncp/sync/event_log.json, /etc/aws2ncp/sync/hive.json",
    ],
  },
  {
    name: "copies that check no certificate",
    edits: [transfer('["--transfers", "4",', '["--no-check-certificate", "--transfers", "4",')],
    there: [
      "high tls-weakened sync-1:/etc/aws2ncp/sync/api_log.json, /etc/aws2ncp/sync/event_log.json, /etc/aws2ncp/sync/hive.json",
    ],
    back: [
      "info tls-strengthened sync-1:/etc/aws2ncp/sync/api_log.json, /etc/aws2ncp/sync/event_log.json, /etc/aws2ncp/sync/hive.json",
    ],
  },
  {
    name: "a program that checks no certificate",
    edits: [
      role("sync/files/aws2ncp_sync/webhook.py", "ssl.create_default_context(", "ssl._create_unverified_context("),
    ],
    there: ["high tls-weakened sync-1:/usr/local/lib/aws2ncp/aws2ncp_sync/webhook.py"],
    back: ["info tls-strengthened sync-1:/usr/local/lib/aws2ncp/aws2ncp_sync/webhook.py"],
  },
  {
    name: "alerts to another host",
    edits: [production("host: hooks.slack.com", "host: hooks.company.example")],
    there: ["medium path-widened proxy-1:/etc/squid/squid.conf", "info path-narrowed proxy-1:/etc/squid/squid.conf"],
    back: ["medium path-widened proxy-1:/etc/squid/squid.conf", "info path-narrowed proxy-1:/etc/squid/squid.conf"],
  },
  {
    name: "another Object Storage",
    edits: [
      production("  host: kr.object.private.ncloudstorage.com", "  host: kr.object.private.fin-ncloudstorage.com"),
    ],
    there: [
      "high proxy-bypassed sync-1:/etc/aws2ncp/sync/api_log.json, /etc/aws2ncp/sync/event_log.json, /etc/aws2ncp/sync/hive.json",
      "high path-widened sync-1:/etc/aws2ncp/rclone.conf",
      "info path-narrowed sync-1:/etc/aws2ncp/rclone.conf",
      "info path-secured sync-1:/etc/aws2ncp/sync/api_log.json, /etc/aws2ncp/sync/event_log.json, /etc/aws2ncp/sync/hive.json",
    ],
    back: [
      "high proxy-bypassed sync-1:/etc/aws2ncp/sync/api_log.json, /etc/aws2ncp/sync/event_log.json, /etc/aws2ncp/sync/hive.json",
      "high path-widened sync-1:/etc/aws2ncp/rclone.conf",
      "info path-narrowed sync-1:/etc/aws2ncp/rclone.conf",
      "info path-secured sync-1:/etc/aws2ncp/sync/api_log.json, /etc/aws2ncp/sync/event_log.json, /etc/aws2ncp/sync/hive.json",
    ],
  },
];
