/** What the platform offers, as the deploy's own provider hears it. */
import type { HostPlan } from "../../../pipeline/plan-types";
import type { Answer } from "../../platform";
import type { Check, Said } from "../types";

/** Terraform may have to download the provider first. */
const DEADLINE_MS = 300_000;

export const platform: Check = {
  name: "platform",
  about: "the provider can be had and the platform answers it: credentials, region, network",
  needs: [],
  deadlineMs: DEADLINE_MS,
  queries: () => ({ keys: { type: "ncloud_login_key" } }),
  run: async ({ plan, note, platform: ask }) => {
    note("terraform init, plan");
    const { keys } = await ask();
    const place = `platform.region ${plan.platform.region}`;
    if (keys?.kind === "failed") return [{ severity: "error", place, found: keys.message }];
    return [{ severity: "ok", place, found: "the platform answers this machine's credentials" }];
  },
};

type Row = Readonly<Record<string, unknown>>;

const rowsOf = (answer: Answer | undefined, list: string): readonly Row[] =>
  answer?.kind === "row" ? ((answer.row[list] as readonly Row[] | null | undefined) ?? []) : [];

/** Said where a question was refused: nobody knows then. */
const refused = (answer: Answer | undefined, place: string): Said[] =>
  answer?.kind === "failed"
    ? [{ severity: "unknown", place, found: `the platform refuses the question: ${answer.message}` }]
    : [];

/** Hosts by what they ask for: "hosts.proxy-1.image, hosts.sync-1.image". */
function wishes(
  hosts: readonly HostPlan[],
  key: "image" | "spec",
  wishOf: (host: HostPlan) => string,
): Map<string, string> {
  const places = new Map<string, string>();
  for (const host of hosts) {
    const before = places.get(wishOf(host));
    places.set(wishOf(host), `${before === undefined ? "" : `${before}, `}hosts.${host.name}.${key}`);
  }
  return places;
}

const sorted = (names: readonly unknown[]): string => [...new Set(names.map(String))].sort().join(", ") || "none";

function examinedImage(name: string, hypervisor: string, place: string, all: readonly Row[]): Said {
  const named = all.filter((image) => image["name"] === name);
  const right = named.filter((image) => image["hypervisor_type"] === hypervisor);
  if (right.length === 1) return { severity: "ok", place, found: `${name} is offered` };
  const found =
    right.length > 1
      ? `${right.length} images are named ${name}`
      : named.length > 0
        ? `${name} is offered for ${sorted(named.map((image) => image["hypervisor_type"]))} only`
        : `${name} is not offered`;
  const offered = all.filter((image) => image["hypervisor_type"] === hypervisor).map((image) => image["name"]);
  return {
    severity: "error",
    place,
    found,
    allowed: `one ${hypervisor} image: ${sorted(offered)}`,
    try: "another image that this tool knows (pipeline/images.ts)",
  };
}

export const images: Check = {
  name: "images",
  about: "each image of the platform's is offered, once, for the right hypervisor",
  needs: ["platform"],
  deadlineMs: DEADLINE_MS,
  queries: () => ({ images: { type: "ncloud_server_image_numbers" } }),
  run: async ({ plan, platform: ask }) => {
    const { images: answer } = await ask();
    const rows = rowsOf(answer, "image_number_list");
    // Images of the account's own are in no list of the platform's; Terraform looks them up by their number.
    const hosts = plan.hosts.filter(({ image }) => image.memberNo === undefined);
    const places = wishes(hosts, "image", ({ image }) => image.name);
    return [...places].flatMap(([name, place]) => {
      const hypervisor = plan.hosts.find(({ image }) => image.name === name)?.image.hypervisor as string;
      const unknown = refused(answer, place);
      return unknown.length > 0 ? unknown : [examinedImage(name, hypervisor, place, rows)];
    });
  },
};

function examinedSpec(code: string, hypervisor: string, place: string, all: readonly Row[]): Said {
  // Some specs name no hypervisor: they are told by their code alone.
  const fits = (spec: Row): boolean => [hypervisor, "", null].includes(spec["hypervisor_type"] as string | null);
  const named = all.filter((spec) => spec["server_spec_code"] === code);
  if (named.some(fits)) return { severity: "ok", place, found: `${code} is offered` };
  const found =
    named.length > 0
      ? `${code} is offered for ${sorted(named.map((spec) => spec["hypervisor_type"]))}, and the image is for ${hypervisor}`
      : `${code} is not offered`;
  const offered = all.filter(fits).map((spec) => spec["server_spec_code"]);
  return { severity: "error", place, found, allowed: sorted(offered), try: "another spec" };
}

export const specs: Check = {
  name: "specs",
  about: "each spec code is offered in the region for the image's hypervisor; the platform tells no zones for specs",
  needs: ["platform"],
  deadlineMs: DEADLINE_MS,
  queries: () => ({ specs: { type: "ncloud_server_specs" } }),
  run: async ({ plan, platform: ask }) => {
    const { specs: answer } = await ask();
    const rows = rowsOf(answer, "server_spec_list");
    return [...wishes(plan.hosts, "spec", ({ spec }) => spec)].flatMap(([code, place]) => {
      const hypervisor = plan.hosts.find(({ spec }) => spec === code)?.image.hypervisor as string;
      const unknown = refused(answer, place);
      return unknown.length > 0 ? unknown : [examinedSpec(code, hypervisor, place, rows)];
    });
  },
};

export const loginKey: Check = {
  name: "login-key",
  about: "the login key is registered on the platform",
  needs: ["platform"],
  deadlineMs: DEADLINE_MS,
  queries: () => ({ keys: { type: "ncloud_login_key" } }),
  run: async ({ plan, platform: ask }) => {
    const { keys } = await ask();
    const place = "platform.login_key";
    const unknown = refused(keys, place);
    if (unknown.length > 0) return unknown;
    const { loginKey: wanted } = plan.platform;
    const names = rowsOf(keys, "login_key_list").map((key) => key["key_name"]);
    if (names.includes(wanted)) return [{ severity: "ok", place, found: `${wanted} is registered` }];
    return [
      {
        severity: "error",
        place,
        found: `${wanted} is not registered`,
        allowed: sorted(names),
        try: "make it on the console (Server > Login key), never with Terraform: the state would hold its private half",
      },
    ];
  },
};
