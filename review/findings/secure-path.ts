/** Personal data off its secure path: in the clear, past the proxy, to other places, with TLS or its verification weakened, or into a log. */
import type { Finding } from "../report";
import { at, listOf, objectOf, textOf } from "../values/json";
import { elementTexts } from "./texts";
import { finding, hostsOf, placeOf, placeOfFile, type Comparison, type Rule, type Verdict } from "./comparison";
import { captured, directive, safeIf, settingsRule, type Settings } from "./settings";
import type { FindingKind } from "./kinds";

const high = (kind: FindingKind, consequence: string): Verdict => ({ severity: "high", kind, consequence });
const medium = (kind: FindingKind, consequence: string): Verdict => ({ severity: "medium", kind, consequence });
const info = (kind: FindingKind, consequence: string): Verdict => ({ severity: "info", kind, consequence });

const SQUID = /^\/etc\/squid\/(squid|inner)\.conf$/;
const OUTER = /^\/etc\/squid\/squid\.conf$/;
const INNER = /^\/etc\/squid\/inner\.conf$/;
const SYNC = /^\/etc\/aws2ncp\/sync\/[^/]+\.json$/;

const weaker = (consequence: string) => ({
  worse: high("tls-weakened", consequence),
  better: info("tls-strengthened", "TLS is checked more strictly"),
});
const guardTls = (consequence: string) => ({
  gone: high("tls-weakened", consequence),
  back: info("tls-strengthened", "TLS is checked more strictly"),
});
const guardProxy = (consequence: string) => ({
  gone: high("proxy-bypassed", consequence),
  back: info("path-secured", "the proxy decides again"),
});

const json = (text: string): ReturnType<typeof objectOf> => {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
};

/** "https://proxy-1.aws2ncp.internal:3129" -> https */
const proxyScheme = (text: string): string =>
  /^[a-z]+(?=:\/\/)/.exec(textOf(at(json(text), "environment", "HTTPS_PROXY") ?? ""))?.[0] ?? "none";

/** Flags of rclone's command line, each with its value where it takes one: "--ca-cert=/path". */
function flags(text: string): string[] {
  const words = listOf(json(text)["rclone"]).map(textOf).slice(1);
  return words.flatMap((word, index) => {
    if (!word.startsWith("-")) return [];
    const next = words[index + 1];
    return [next === undefined || next.startsWith("-") ? word : `${word}=${next}`];
  });
}

const tlsFlags = (text: string): string[] =>
  flags(text)
    .filter((flag) => /^--(ca-cert|client-cert|client-key)=/.test(flag))
    .map((flag) => flag.split("=")[0] as string);

const portA = (text: string): string => text.split("\n").find((line) => /^https?_port .*name=portA/.test(line)) ?? "";

/** The options of port A by which a client is known and old versions are refused. */
const portAOptions = (text: string): string[] =>
  portA(text)
    .split(/\s+/)
    .flatMap((word) => {
      const [key = "", value = ""] = word.split(/=(.*)/s);
      if (key === "clientca" || key === "crlfile") return [key];
      return key === "sslflags" || key === "options" ? value.split(",").map((option) => `${key}=${option}`) : [];
    });

/** Rules of the outer squid whose every part has a row of its own: the clients, the certificates, the hosts. */
const KNOWN_RULES =
  /^(portA CONNECT p443 src_(\S+) cn_\2 buckets|portB (CONNECT p443|read p80) private_src package_hosts|portB CONNECT p443 alert_src alert_host)$/;

const SETTINGS: Settings = {
  members: [
    {
      file: SQUID,
      what: "admits the bucket host",
      members: captured(/^acl (?:buckets|h\d+) dstdomain (\S+)$/gm),
      added: high("path-widened", "port A carries personal data to one more place"),
      removed: info("path-narrowed", "port A no longer reaches it"),
    },
    {
      file: OUTER,
      what: "admits the package host",
      members: captured(/^acl package_hosts dstdomain (\S+)$/gm),
      added: medium("path-widened", "private hosts reach it through port B, without a client certificate"),
      removed: info("path-narrowed", "port B no longer reaches it"),
    },
    {
      file: OUTER,
      what: "admits the alerts' host",
      members: captured(/^acl alert_host dstdomain (\S+)$/gm),
      added: medium("path-widened", "names of datasets and errors are told to it"),
      removed: info("path-narrowed", "alerts no longer reach it"),
    },
    {
      file: OUTER,
      what: "admits by another rule:",
      members: (text) => captured(/^http_access allow (.+)$/gm)(text).filter((rule) => !KNOWN_RULES.test(rule)),
      added: high("path-widened", "the proxy lets through what no rule let through before"),
      removed: info("path-narrowed", "the proxy no longer lets this through"),
    },
    {
      file: OUTER,
      what: "asks of port A's clients",
      members: portAOptions,
      added: info("tls-strengthened", "clients of port A are checked more strictly"),
      removed: high("tls-weakened", "port A takes clients that it refused"),
    },
    {
      file: SYNC,
      what: "goes past the proxy to",
      members: (text) =>
        textOf(at(json(text), "environment", "NO_PROXY") ?? "")
          .split(",")
          .filter((host) => host !== ""),
      added: high("proxy-bypassed", "data goes there without the proxy"),
      removed: info("path-secured", "this goes through the proxy, or not at all"),
    },
    {
      file: SYNC,
      what: "gives rclone the flag",
      members: tlsFlags,
      added: info("tls-strengthened", "one more end of the connection is checked"),
      removed: high("tls-weakened", "one end of the connection is no longer checked, or no longer proves who it is"),
    },
    {
      file: /\/rclone\.conf$/,
      what: "copies to or from the endpoint",
      members: captured(/^endpoint\s*=\s*(\S+)$/gm),
      added: high("path-widened", "personal data goes to another endpoint"),
      removed: info("path-narrowed", "no data goes to this endpoint any more"),
    },
    {
      // Python, shell and Java options that switch verification off, wherever they stand.
      file: /./,
      what: "switches off a check of TLS:",
      members: captured(
        /(_create_unverified_context|verify\s*=\s*False|CERT_NONE|check_hostname\s*=\s*False|no_check_certificate\s*=\s*true|--no-check-certificate|--insecure|\bcurl\b[^\n]*\s-k\b|StrictHostKeyChecking[ =]no|sslmode=(?:disable|allow|prefer)|ssl_verify\s*=\s*(?:false|0)|internal-communication\.https\.required\s*=\s*false|DONT_VERIFY_PEER)/gi,
      ),
      added: high("tls-weakened", "anybody between the two ends can read and change what goes there"),
      removed: info("tls-strengthened", "certificates are checked"),
    },
  ],
  values: [
    {
      file: OUTER,
      what: "strip_query_terms",
      read: directive("strip_query_terms"),
      rank: (value) => (value === "off" ? 0 : 1),
      worse: high("query-logged", "query strings, and personal data in them, stand in the proxy's log"),
      better: info("query-log-ended", "query strings stay out of the proxy's log"),
    },
    {
      file: OUTER,
      what: "log_mime_hdrs",
      read: directive("log_mime_hdrs"),
      rank: (value) => (value === "on" ? 0 : 1),
      worse: high("query-logged", "headers of requests stand in the proxy's log"),
      better: info("query-log-ended", "headers stay out of the proxy's log"),
    },
    {
      file: OUTER,
      what: "the scheme of port A",
      read: (text) => /^(https?)_port/.exec(portA(text))?.[1] ?? "none",
      rank: safeIf("https"),
      worse: high("plain-http", "what clients and the proxy say to each other can be read on the way"),
      better: info("path-secured", "clients and the proxy speak TLS"),
    },
    {
      file: OUTER,
      what: "tls-min-version of port A",
      read: (text) => /tls-min-version=([\d.]+)/.exec(portA(text))?.[1],
      rank: (value) => Number(value ?? 0),
      ...weaker("port A takes versions of TLS that it refused"),
    },
    {
      file: SYNC,
      what: "HTTPS_PROXY",
      read: proxyScheme,
      rank: (value) => (value === "https" ? 2 : value === "none" ? 0 : 1),
      worse: high("proxy-bypassed", "the copy does not go through the proxy's TLS port"),
      better: info("path-secured", "the copy goes through the proxy's TLS port"),
    },
    {
      file: /presto.*\/config\.properties$/,
      what: "http-server.http.enabled",
      read: (text) => /^http-server\.http\.enabled\s*=\s*(\S+)/m.exec(text)?.[1],
      rank: safeIf("false"),
      worse: high("plain-http", "queries, their results and passwords can be read on the way"),
      better: info("path-secured", "Presto speaks TLS alone"),
    },
    {
      file: /presto.*\/config\.properties$/,
      what: "http-server.authentication.type",
      // People log in at the coordinator alone.
      read: (text) =>
        /^coordinator=false$/m.test(text)
          ? "worker"
          : /^http-server\.authentication\.type\s*=\s*(\S+)/m.exec(text)?.[1],
      rank: (value) => (value === undefined ? 0 : 1),
      worse: high("tls-weakened", "everybody who reaches the port is whoever they say"),
      better: info("tls-strengthened", "who asks has to prove who they are"),
    },
    {
      file: /\.(properties|xml|json|conf)$/,
      what: "hive.s3.ssl.enabled",
      read: (text) => /hive\.s3\.ssl\.enabled\s*=\s*(\S+)/.exec(text)?.[1],
      rank: (value) => (value === "false" ? 0 : 1),
      worse: high("plain-http", "what Presto reads of Object Storage can be read on the way"),
      better: info("path-secured", "Presto reads over TLS"),
    },
    {
      file: /\.(properties|xml|json|conf)$/,
      what: "fs.s3a.connection.ssl.enabled",
      read: (text) => /fs\.s3a\.connection\.ssl\.enabled["\s:=]+(?:<\/name>\s*<value>)?(true|false)/.exec(text)?.[1],
      rank: (value) => (value === "false" ? 0 : 1),
      worse: high("plain-http", "what Hadoop reads and writes can be read on the way"),
      better: info("path-secured", "Hadoop speaks TLS to Object Storage"),
    },
    {
      file: /\/airflow\.cfg$/,
      what: "web_server_ssl_cert",
      read: (text) => /^web_server_ssl_cert\s*=\s*(\S+)/m.exec(text)?.[1],
      rank: (value) => (value === undefined ? 0 : 1),
      worse: high("plain-http", "logins to Airflow can be read on the way"),
      better: info("path-secured", "Airflow speaks TLS"),
    },
    {
      file: /blueprint\.json$/,
      what: "dfs.encrypt.data.transfer",
      read: (text) => /"dfs\.encrypt\.data\.transfer":\s*"(\w+)"/.exec(text)?.[1],
      rank: safeIf("true"),
      ...weaker("what DataNodes send each other can be read on the network"),
    },
    {
      file: /blueprint\.json$/,
      what: "hadoop.rpc.protection",
      read: (text) => /"hadoop\.rpc\.protection":\s*"([\w,]+)"/.exec(text)?.[1],
      rank: (value) => ["authentication", "integrity", "privacy"].indexOf(textOf(value)),
      ...weaker("what Hadoop's services say to each other can be read or changed on the network"),
    },
  ],
  guards: [
    { file: SQUID, line: /^http_access deny all$/, ...guardProxy("the proxy admits what no rule names") },
    {
      file: OUTER,
      line: /^never_direct allow portA$/,
      ...guardProxy("port A may connect without the inner squid, which checks the SNI"),
    },
    {
      file: OUTER,
      line: /^cache_peer_access sni deny all$/,
      ...guardProxy("others than port A's clients reach the inner squid"),
    },
    {
      file: INNER,
      line: /^ssl_bump terminate all$/,
      ...guardTls("a connection whose SNI names another host is no longer ended"),
    },
    {
      file: INNER,
      line: /^acl has_sni external /,
      ...guardTls("a connection without an SNI passes as if it had the right one"),
    },
  ],
};

export const securePath: Rule = settingsRule(SETTINGS);

const PLAIN = /\bhttp:\/\/([A-Za-z0-9.[\]_-]+)(:\d+)?/g;

/** Hosts that are spoken to in the clear by design: the proxy's port B, signed packages, the host itself. */
function harmless(host: string, { after, before }: Comparison): boolean {
  if (/^(localhost|127\.|\[?::1|0\.0\.0\.0|www\.w3\.org|xmlns?\.|java\.sun\.com|169\.254\.)/.test(host)) return true;
  return [before.plan, after.plan].some(
    (plan) =>
      plan?.proxy.packageHosts.includes(host) === true ||
      plan?.hosts.some((each) => each.role === "proxy" && [each.fqdn, each.name, each.address].includes(host)) === true,
  );
}

/** Every new "http://…" in a file or in an argument of a resource. */
export const plainHttp: Rule = (comparison) => {
  const inText = (text: string | undefined): Set<string> =>
    new Set(
      [...(text ?? "").matchAll(PLAIN)].filter(([, host]) => !harmless(host as string, comparison)).map(([url]) => url),
    );
  const [left, right] = [hostsOf(comparison.before), hostsOf(comparison.after)];
  const files = comparison.files
    .filter(
      ({ before, after, host }) => before?.text !== after?.text && (host === "" || right.has(host) || !left.has(host)),
    )
    .flatMap((pair) =>
      compared(
        inText(stripped(pair.before?.text)),
        inText(stripped(pair.after?.text)),
        pair.after !== undefined,
        placeOfFile(pair),
      ),
    );
  const elements = comparison.elements
    .filter(({ action, after }) => action !== undefined && after !== undefined)
    .flatMap(({ before, after }) => {
      const element = after as NonNullable<typeof after>;
      const [old, now] = [before, element].map((each) =>
        each === undefined
          ? ""
          : elementTexts(each)
              .map(({ text }) => text)
              .join("\n"),
      );
      return compared(inText(old), inText(now), true, placeOf(element));
    });
  return [...files, ...elements];
};

/** Comments tell of http without speaking it. */
const stripped = (text: string | undefined): string | undefined => text?.replaceAll(/^\s*(#|\/\/).*$/gm, "");

function compared(
  old: ReadonlySet<string>,
  now: ReadonlySet<string>,
  stays: boolean,
  place: Finding["place"],
): Finding[] {
  const added = [...now].filter((url) => !old.has(url)).sort();
  const gone = stays ? [...old].filter((url) => !now.has(url)).sort() : [];
  return [
    ...(added.length === 0
      ? []
      : [
          finding(
            high("plain-http", "what goes there can be read and changed on the way"),
            place,
            `speaks to ${added.join(", ")}`,
          ),
        ]),
    ...(gone.length === 0
      ? []
      : [
          finding(
            info("path-secured", "nothing goes there in the clear any more"),
            place,
            `no longer speaks to ${gone.join(", ")}`,
          ),
        ]),
  ];
}
