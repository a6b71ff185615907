/** From a plan to the scene of its picture. */
import { portsOf } from "../../pipeline/flows";
import type { PlanDocument } from "../../pipeline/plan-document";
import type { DatasetPlan, Flow, HostPlan, SubnetKind } from "../../pipeline/plan-types";
import type { Box, Edge, Line, Port, Scene } from "./scene";

/** What the picture needs of a plan. */
export type PicturePlan = Pick<
  PlanDocument,
  | "alerts"
  | "buckets"
  | "datasets"
  | "flows"
  | "hosts"
  | "name"
  | "network"
  | "objectStorage"
  | "parties"
  | "platform"
  | "proxy"
  | "source"
>;

/** What hosts of a role do, in two or three words. A role that is missing here shows its name alone. */
const ROLE_WORDS: Readonly<Record<string, string>> = {
  airflow: "schedules",
  hdp: "HDP by Ambari",
  presto: "queries",
  proxy: "bastion and the way out",
  sync: "rclone, cron",
};

/** From left to right; the host that writes to Object Storage only stands first, those that talk to each other side by side. */
const ROLE_ORDER: readonly string[] = ["proxy", "sync", "hdp", "presto", "airflow"];

/** Parties that have a place of their own in the picture and are no hosts. */
const KNOWN_PARTIES: readonly string[] = [
  "admin",
  "internet",
  "name-servers",
  "object-storage",
  "private",
  "time-servers",
];

const line = (key: string, text: string, details: readonly string[] = []): Line => ({
  key,
  text,
  details,
  mark: "same",
});

const box = (
  id: string,
  kind: Box["kind"],
  title: string,
  parts: { readonly detail?: string; readonly lines?: readonly Line[]; readonly children?: readonly Box[] } = {},
): Box => ({
  id,
  kind,
  title,
  detail: parts.detail ?? "",
  mark: "same",
  lines: parts.lines ?? [],
  children: parts.children ?? [],
});

const words = (prefix: string, values: readonly string[]): Line[] =>
  values.map((value) => line(`${prefix}:${value}`, value));

const rank = (role: string): number => {
  const place = ROLE_ORDER.indexOf(role);
  return place < 0 ? ROLE_ORDER.length : place;
};

/** "hdp-2" before "hdp-10". */
const byNumber = (a: HostPlan, b: HostPlan): number => a.name.localeCompare(b.name, "en", { numeric: true });

function hostLine({ name, role, address, spec, volume }: HostPlan, plan: PicturePlan): Line {
  const oneOfTwo = role === "proxy" && plan.hosts.filter((host) => host.role === "proxy").length > 1;
  return line(`host:${name}`, `${name} ${address}`, [
    ...(oneOfTwo ? [name === plan.proxy.active ? "in use" : "stands by"] : []),
    volume === undefined ? spec : `${spec} · ${volume.sizeGb} GB ${volume.mount}`,
  ]);
}

/** One box for each role that has hosts in the subnet. */
function roleBoxes(plan: PicturePlan, subnet: SubnetKind): Box[] {
  const hosts = plan.hosts.filter((host) => host.subnet === subnet);
  const roles = [...new Set(hosts.map(({ role }): string => role))].sort(
    (a, b) => rank(a) - rank(b) || (a < b ? -1 : 1),
  );
  return roles.map((role) => {
    const own = hosts.filter((host) => host.role === role).sort(byNumber);
    return box(role, "host", role, { detail: ROLE_WORDS[role] ?? "", lines: own.map((host) => hostLine(host, plan)) });
  });
}

function bucketBoxes({ buckets, datasets }: PicturePlan): Box[] {
  return buckets.map(({ name, purpose }) => {
    const copies = datasets.filter(({ target }) => target.bucket === name);
    const lines = copies.map((dataset) => line(`copy:${dataset.name}`, copyOf(dataset), details(dataset)));
    return box(`bucket:${name}`, "bucket", name, { detail: copies.length === 0 ? purpose : "", lines });
  });
}

/** A prefix of no letters is the whole bucket. */
const prefixOf = (prefix: string): string => (prefix === "" ? "(all)" : prefix);
const copyOf = ({ target, source }: DatasetPlan): string => `${prefixOf(target.prefix)} ← ${source.bucket}`;
const details = ({ layout, schedule }: DatasetPlan): string[] => [
  layout === "tree" && schedule === undefined ? "on demand" : `cron ${schedule}`,
];

/** What stands at AWS, by bucket and prefix. */
function sourceLines({ datasets }: PicturePlan): Line[] {
  const places = datasets.map(({ source }) => `${source.bucket}/${source.prefix}`);
  return [...new Set(places)].sort().map((place) => line(`source:${place}`, place));
}

function outsideBand(plan: PicturePlan): Box[] {
  const { network, parties, proxy, source, alerts } = plan;
  const listed = [
    ...words("package", proxy.packageHosts),
    ...(alerts === undefined ? [] : [line(`alerts:${alerts.host}`, alerts.host, ["alerts"])]),
  ];
  const others = Object.keys(parties)
    .filter((party) => !KNOWN_PARTIES.includes(party) && !plan.hosts.some(({ role }) => role === party))
    .filter((party) => plan.flows.some(({ from, to }) => from === party || to === party))
    .sort();
  return [
    box("internet", "internet", "Internet", {
      detail: "what the proxy's lists admit",
      children: [
        box("aws", "aws", `AWS ${source.region}`, { detail: "buckets", lines: sourceLines(plan) }),
        box("listed", "outside", "Listed hosts", { lines: listed }),
      ],
    }),
    box("time-servers", "outside", "Time servers", { lines: words("time", network.timeServers) }),
    box("admin", "outside", "Operators", { lines: words("admin", network.adminCidrs) }),
    ...others.map((party) =>
      box(party, "outside", party, { lines: words(party, parties[party as keyof typeof parties]) }),
    ),
  ];
}

/** Flows of one direction between two parties are one edge, TCP and UDP of one port one entry. */
function edgesOf(flows: readonly Flow[]): Edge[] {
  const pairs = [...new Set(flows.map(({ from, to }) => `${from} ${to}`))];
  return pairs.map((pair) => {
    const [from, to] = pair.split(" ") as [string, string];
    const own = flows.filter((flow) => flow.from === from && flow.to === to).sort((a, b) => a.port - b.port);
    const keys = [...new Set(own.map((flow) => `${portsOf(flow)} ${flow.carries}`))];
    const ports = keys.map((key) => portOf(own.filter((flow) => `${portsOf(flow)} ${flow.carries}` === key)));
    return { from, to, mark: "same", ports };
  });
}

function portOf(flows: readonly Flow[]): Port {
  const [first] = flows as [Flow];
  const protocols = [...new Set(flows.map(({ protocol }) => protocol))].sort().join("+");
  const ports = portsOf(first);
  return {
    key: `${ports} ${first.carries}`,
    text: `${ports}${protocols === "TCP" ? "" : ` ${protocols}`} ${first.carries}`,
    why: [...new Set(flows.map(({ why }) => why))].join("; "),
    mark: "same",
  };
}

/** The scene of one plan, nothing marked. */
export function sceneOf(plan: PicturePlan): Scene {
  const { name, platform, network, objectStorage, flows } = plan;
  const area = (id: SubnetKind, detail: string): Box =>
    box(id, "area", `${id === "public" ? "Public" : "Private"} subnet`, {
      detail: `${network[id].cidr}${detail}`,
      children: roleBoxes(plan, id),
    });
  return {
    title: name,
    frame: `Naver Cloud Platform ${platform.zone} · VPC ${network.vpcCidr}`,
    bands: [
      outsideBand(plan),
      [
        area("public", ""),
        box("name-servers", "outside", "Name servers", { lines: words("names", network.nameServers) }),
      ],
      [area("private", " · no way out but the proxy")],
      [
        box("object-storage", "area", "Object Storage", {
          detail: `${objectStorage.host} · ${objectStorage.cidrs.join(", ")}`,
          children: bucketBoxes(plan),
        }),
      ],
    ],
    edges: edgesOf(flows),
  };
}
