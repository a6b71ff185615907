/** The secure path of personal data. */
import { edit, production, role, type Change } from "./change";

const transfer = (from: string, to: string) => edit("constructs/provisioning/render-transfer.ts", from, to);
const squid = (from: string, to: string) => role("squid/templates/squid.conf.j2", from, to);
const inner = (from: string, to: string) => role("squid/templates/inner.conf.j2", from, to);

export const securePath: readonly Change[] = [
  {
    name: "query strings in the proxy's log",
    edits: [squid("strip_query_terms on", "strip_query_terms off")],
    there: [],
    back: [],
  },
  { name: "an older TLS at port A", edits: [squid("tls-min-version=1.2", "tls-min-version=1.0")], there: [], back: [] },
  {
    name: "port A without client certificates",
    edits: [squid(" clientca={{ tls.clientCa }}", "")],
    there: [],
    back: [],
  },
  {
    name: "port A in the clear",
    edits: [
      squid(
        "https_port {{ host.address }}:{{ plan.proxy.portA }}",
        "http_port {{ host.address }}:{{ plan.proxy.portA }}",
      ),
    ],
    there: [],
    back: [],
  },
  {
    name: "no list of revoked certificates",
    edits: [production('\n  proxy_client_crl: { from: "file:certs/crl.pem", version: 1 }', "")],
    there: [],
    back: [],
  },
  { name: "port A past the inner squid", edits: [squid("never_direct allow portA\n", "")], there: [], back: [] },
  {
    name: "connections whose SNI names another host",
    edits: [inner("ssl_bump terminate all", "ssl_bump splice all")],
    there: [],
    back: [],
  },
  {
    name: "a proxy that admits what no rule names",
    edits: [squid("http_access deny all", "http_access allow all")],
    there: [],
    back: [],
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
    there: [],
    back: [],
  },
  {
    name: "copies without the proxy",
    edits: [transfer("HTTPS_PROXY: `https://${proxy.fqdn}:${plan.proxy.portA}`,", "")],
    there: [],
    back: [],
  },
  {
    name: "copies through the proxy in the clear",
    edits: [transfer("HTTPS_PROXY: `https://", "HTTPS_PROXY: `http://")],
    there: [],
    back: [],
  },
  {
    name: "the source past the proxy",
    edits: [
      transfer("NO_PROXY: plan.objectStorage.host,", "NO_PROXY: `${plan.objectStorage.host},${plan.source.host}`,"),
    ],
    there: [],
    back: [],
  },
  {
    name: "one more package host",
    edits: [
      production(
        "package_hosts: [packages.company.example]",
        "package_hosts: [packages.company.example, files.company.example]",
      ),
    ],
    there: [],
    back: [],
  },
  {
    name: "copies that trust every CA",
    edits: [transfer('      ...["--ca-cert", TRUST],\n', "")],
    there: [],
    back: [],
  },
  {
    name: "copies that check no certificate",
    edits: [transfer('["--transfers", "4",', '["--no-check-certificate", "--transfers", "4",')],
    there: [],
    back: [],
  },
  {
    name: "a program that checks no certificate",
    edits: [
      role("sync/files/aws2ncp_sync/webhook.py", "ssl.create_default_context(", "ssl._create_unverified_context("),
    ],
    there: [],
    back: [],
  },
  {
    name: "alerts to another host",
    edits: [production("host: hooks.slack.com", "host: hooks.company.example")],
    there: [],
    back: [],
  },
  {
    name: "another Object Storage",
    edits: [
      production("  host: kr.object.private.ncloudstorage.com", "  host: kr.object.private.fin-ncloudstorage.com"),
    ],
    there: [],
    back: [],
  },
];
