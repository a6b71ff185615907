/** Rights on hosts: sudo, ssh, clients of the proxy, owners and modes of files. */
import { textOf } from "../values/json";
import type { FileSide } from "../files/delivered";
import { readLines } from "../files/lines";
import type { Finding } from "../report";
import { finding, placeOfFile, type Rule, type Verdict } from "./comparison";
import { captured, directive, safeIf, settingsRule, words, type Settings, type ValueRow } from "./settings";
import type { FindingKind } from "./kinds";

const high = (kind: FindingKind, consequence: string): Verdict => ({ severity: "high", kind, consequence });
const info = (kind: FindingKind, consequence: string): Verdict => ({ severity: "info", kind, consequence });

const SSHD = /^\/etc\/ssh\/sshd_config(\.d\/[^/]+)?$/;
const KEYS = /(^\/etc\/ssh\/authorized_keys\/[^/]+|\/\.ssh\/authorized_keys)$/;

const ssh = (consequence: string) => ({
  worse: high("ssh-widened", consequence),
  better: info("ssh-narrowed", "ssh refuses what it allowed"),
});
const sshLists = (consequence: string) => ({
  added: high("ssh-widened", consequence),
  removed: info("ssh-narrowed", "ssh refuses what it allowed"),
});

/** Settings of sshd that are safe when they are "no", and what holds where they are not written (OpenSSH 8). */
const NO: readonly (readonly [name: string, otherwise: string, consequence: string])[] = [
  ["PermitRootLogin", "prohibit-password", "logins as root, which no log ties to a person"],
  ["PasswordAuthentication", "yes", "passwords can be guessed"],
  ["KbdInteractiveAuthentication", "yes", "passwords can be guessed"],
  ["ChallengeResponseAuthentication", "yes", "passwords can be guessed"],
  ["PermitEmptyPasswords", "no", "logins without any proof"],
  ["HostbasedAuthentication", "no", "a host vouches for its users"],
  ["AllowAgentForwarding", "yes", "root on this host can use the keys of whoever is logged in"],
  ["AllowStreamLocalForwarding", "yes", "sockets of the host can be reached through ssh"],
  ["X11Forwarding", "no", "the host reaches the screens of whoever is logged in"],
  ["GatewayPorts", "no", "others reach forwarded ports"],
  ["PermitTunnel", "no", "whole networks can be joined through ssh"],
  ["PermitUserEnvironment", "no", "users can change what their login runs"],
];

const FORWARDING = ["yes", "all", "remote", "local", "no"];

const SSHD_VALUES: readonly ValueRow[] = [
  ...NO.map(([name, otherwise, consequence]): ValueRow => ({
    file: SSHD,
    what: name,
    read: (text) => directive(name)(text) ?? otherwise,
    rank: safeIf("no"),
    ...ssh(consequence),
  })),
  {
    file: SSHD,
    what: "AllowTcpForwarding",
    read: (text) => directive("AllowTcpForwarding")(text) ?? "yes",
    rank: (value) => FORWARDING.indexOf(textOf(value).toLowerCase()),
    ...ssh("whoever logs in reaches other hosts through this one"),
  },
  {
    file: SSHD,
    what: "AuthenticationMethods",
    read: (text) => directive("AuthenticationMethods")(text) ?? "any",
    rank: safeIf("publickey"),
    ...ssh("logins by other proofs than a key"),
  },
  {
    file: SSHD,
    what: "PermitOpen",
    read: (text) => (directive("PermitOpen")(text) === undefined ? "any" : "listed"),
    rank: (value) => (value === "any" ? 0 : 1),
    ...ssh("tunnels to any host"),
  },
  {
    file: SSHD,
    what: "AllowUsers",
    read: (text) => (directive("AllowUsers")(text) === undefined ? "any" : "listed"),
    rank: (value) => (value === "any" ? 0 : 1),
    ...ssh("every account of the host may log in"),
  },
  {
    file: SSHD,
    what: "LogLevel",
    read: (text) => directive("LogLevel")(text) ?? "INFO",
    rank: (value) => (value === "VERBOSE" ? 1 : 0),
    ...ssh("the log no longer says which key logged in"),
  },
];

const clients = (who: string) => ({
  added: high("proxy-clients-widened", `${who} reach what the proxy admits`),
  removed: info("proxy-clients-narrowed", "it is refused by the proxy"),
});
const packageClients = {
  ...clients("more hosts"),
  added: {
    severity: "medium",
    kind: "proxy-clients-widened",
    consequence: "more hosts fetch packages through port B",
  } as const,
};

/** One statement of sudoers for each person, so that a reordered list is no change. */
const sudoers = (text: string): string[] => readLines(text).filter((line) => !line.startsWith("Defaults"));

const SETTINGS: Settings = {
  members: [
    {
      file: /^\/etc\/sudoers(\.d\/[^/]+)?$/,
      what: "lets",
      members: sudoers,
      added: high("sudo-widened", "they become root, or whom the line names"),
      removed: info("sudo-narrowed", "sudo refuses them"),
    },
    {
      file: KEYS,
      what: "lets in the key",
      members: (text, path) => readLines(text).map((line) => `${shortKey(line)} as ${path.split("/").at(-1)}`),
      ...sshLists("whoever has the private half logs in"),
    },
    { file: SSHD, what: "lets log in", members: words("AllowUsers"), ...sshLists("the account may log in") },
    {
      file: SSHD,
      what: "opens tunnels to",
      members: words("PermitOpen"),
      ...sshLists("whoever logs in reaches it through this host"),
    },
    {
      file: /^\/etc\/squid\/squid\.conf$/,
      what: "knows as a client of port A",
      members: captured(/^acl (?:src|cn)_\S+ (?:src|user_cert CN) (.+)$/gm),
      ...clients("more clients"),
    },
    {
      file: /^\/etc\/squid\/squid\.conf$/,
      what: "knows as a client of port B",
      members: captured(/^acl (?:private|alert)_src src (.+)$/gm),
      ...packageClients,
    },
    {
      file: /^\/etc\/squid\/inner\.conf$/,
      what: "knows as its client",
      members: captured(/^acl self src (.+)$/gm),
      ...clients("others than the outer squid"),
    },
  ],
  values: SSHD_VALUES,
};

/** The end of a key and its comment: enough to tell it from others. */
function shortKey(line: string): string {
  const [, options = "", type = "", key = "", comment = ""] =
    /^(.*?)\b((?:ssh|ecdsa|sk)-\S+)\s+(\S+)\s*(.*)$/.exec(line) ?? [];
  return key === ""
    ? line
    : [options.trim(), type, `…${key.slice(-12)}`, comment].filter((part) => part !== "").join(" ");
}

export const hostRights: Rule = settingsRule(SETTINGS);

const OPENED: Verdict = {
  severity: "medium",
  kind: "file-opened",
  consequence: "more accounts of the host read or change it",
};
const OPENED_SECRET: Verdict = {
  severity: "high",
  kind: "file-opened",
  consequence: "more accounts of the host read the secret",
};
const CLOSED: Verdict = {
  severity: "info",
  kind: "file-narrowed",
  consequence: "fewer accounts of the host read or change it",
};

/** Bits that others or the group have and had not; another group or owner counts too. */
export const fileModes: Rule = ({ files }) =>
  files.flatMap((pair): Finding[] => {
    const { before, after } = pair;
    if (before?.mode === undefined || after?.mode === undefined) return [];
    const [old, now] = [before, after].map(({ mode }) => parseInt(mode as string, 8) & 0o077) as [number, number];
    const opened = (now & ~old) !== 0 || whoChanges(before, after, now);
    if (opened) return [finding(after.secret ? OPENED_SECRET : OPENED, placeOfFile(pair), told(before, after))];
    return (old & ~now) !== 0 ? [finding(CLOSED, placeOfFile(pair), told(before, after))] : [];
  });

const whoChanges = (before: FileSide, after: FileSide, mode: number): boolean =>
  (before.group !== after.group && after.group !== "root" && (mode & 0o070) !== 0) ||
  (before.owner !== after.owner && after.owner !== "root");

const told = (before: FileSide, after: FileSide): string => `${rights(before)} becomes ${rights(after)}`;
const rights = ({ owner, group, mode }: FileSide): string => `${owner}:${group} ${mode}`;
