/** The stand-in for navercloudplatform/ncloud 4.0.5: its real schema and rules, with the sandbox as its platform. */
import {
  checkConfig,
  defaultOf,
  factsOf,
  flatten,
  providerSchema,
  replaces,
  resourceFields,
  ruleOf,
  type Violation,
} from "@cdktf/provider-ncloud/rules";
import type { Cloud, DataHandler, Plain, ResourceHandler } from "../provider/cloud";
import { parsePath, type Problem } from "../provider/diagnostics";
import type { Behaviour } from "../provider/plan";
import { Unknown } from "../provider/values";
import { DATA_SOURCES } from "./data-sources";
import type { Platform } from "./platform";
import { RESOURCES } from "./resources";

export function ncloud(platform: Platform): Cloud {
  return {
    schema: providerSchema(),
    behaviour: remembered(behaviourOf),
    check: (type, config) =>
      checkConfig(type, config, { isUnknown: (value) => value instanceof Unknown }).map(problemOf),
    configure,
    resource: remembered((type) => resourceOf(type, platform)),
    data: (type) => dataOf(type, platform),
    neverSent: (type) => factsOf(type)?.accepted_but_never_sent ?? [],
  };
}

function remembered<T>(find: (type: string) => T): (type: string) => T {
  const found = new Map<string, T>();
  return (type) => {
    const value = found.get(type) ?? find(type);
    found.set(type, value);
    return value;
  };
}

/** Removing every interface from a server's configuration changes nothing (ncloud 4.0.5). */
const KEPT_BLOCKS: Readonly<Record<string, readonly string[]>> = { ncloud_server: ["network_interface"] };

function behaviourOf(type: string): Behaviour {
  const paths = flatten(resourceFields(type)).map(({ path }) => path);
  const remembers = (path: string): boolean => ruleOf(type, path).use_state_for_unknown === true;
  return {
    // For types without recorded facts: only the plugin framework knows this modifier.
    framework:
      (factsOf(type)?.framework ?? (paths.some(remembers) ? "plugin-framework" : "sdkv2")) === "plugin-framework",
    defaultOf: (path) => defaultOf(type, path),
    replaces: (path) => replaces(type, path),
    remembers,
    keptBlocks: KEPT_BLOCKS[type] ?? [],
  };
}

/** The four things that an error says; who would refuse it for real tells what waits in production. */
function problemOf({ path, problem, found, allowed, checked }: Violation): Problem {
  const wouldBe = {
    plan: "",
    apply: "\n  for real this fails at apply only",
    api: "\n  for real the platform refuses this, at apply",
    never: "\n  for real this is accepted, and planned again after every apply",
  }[checked];
  const value = found === "nothing" ? "" : ` ${found}`;
  return { message: `${path}${value} ${problem}\n  allowed: ${allowed}${wouldBe}`, path: parsePath(path) };
}

/** Credentials may come from the environment; without `support_vpc` the real provider talks to a platform that is gone. */
function configure(config: Plain): Problem[] {
  const problems: Problem[] = [];
  for (const name of ["access_key", "secret_key"]) {
    const variable = `NCLOUD_${name.toUpperCase()}`;
    if (config[name] === undefined || config[name] === null) {
      if ((process.env[variable] ?? "") === "")
        problems.push({ message: `${name} is missing\n  try: set ${variable}`, path: [name] });
    }
  }
  if (config["support_vpc"] !== true)
    problems.push({
      message: "support_vpc is not true\n  allowed: support_vpc = true; there is no environment variable for it",
      path: ["support_vpc"],
    });
  return problems;
}

function resourceOf(type: string, platform: Platform): ResourceHandler | { refusal: string } {
  const played = RESOURCES[type];
  if (played === undefined) return { refusal: notPlayed(Object.keys(RESOURCES)) };
  return "refused" in played ? { refusal: played.refused } : played(platform, type);
}

function dataOf(type: string, platform: Platform): DataHandler | { refusal: string } {
  const make = DATA_SOURCES[type];
  return make === undefined ? { refusal: notPlayed(Object.keys(DATA_SOURCES)) } : make(platform, type);
}

const notPlayed = (played: readonly string[]): string =>
  `the sandbox has no stand-in for it, and does not make answers up\n  allowed here: ${played.join(", ")}\n` +
  `  its configuration is checked against the real schema: terraform validate works; sandbox/limits.md says what else does not`;
