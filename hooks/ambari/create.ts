/** Makes a cluster that is not there: version definition, blueprint, cluster. Each is looked for before it is asked for. */
import { HookError } from "../errors";
import { at, messageOf, textAt, Unanswered, type Ambari, type Answer } from "./api";
import type { AmbariFolder } from "./files";
import type { Run } from "./run";

/** Answers of a server that says "there already", in one way or another. */
const TRIES = 5;

/**
 * Tells a wish until it is fulfilled, however its answer was lost.
 * @param there looks for what it makes @returns undefined when it was there, or came without an answer
 */
async function ensure(
  there: () => Promise<boolean>,
  tell: () => Promise<Answer>,
  isMade: (answer: Answer) => boolean,
  refused: (answer: Answer) => HookError,
  run: Run,
): Promise<Answer | undefined> {
  let lost = "";
  for (let tries = 0; tries < TRIES; tries++) {
    if (await there()) return undefined;
    try {
      const answer = await tell();
      if (isMade(answer)) return answer;
      // Made meanwhile by a wish whose answer was lost, it is refused: that is no mistake.
      if (lost !== "" && (await there())) return undefined;
      throw refused(answer);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      lost = error.message;
      run.say(`an answer was lost (${lost}); looks whether it was done`);
    }
  }
  throw new HookError(`${run.cluster}: Ambari's answer was lost ${TRIES} times: ${lost}`, [], `run: ${run.again}`);
}

/** The server's number of the version of the packages, if it has it. */
export async function versionNumber(api: Ambari, { cluster }: AmbariFolder): Promise<number | undefined> {
  const { stack, stackVersion, version } = cluster.repository;
  const all = await api.list("/version_definitions?fields=VersionDefinition/*", (item) => item);
  const ours = all.find(
    (item) =>
      textAt(item, "VersionDefinition/stack_name") === stack &&
      textAt(item, "VersionDefinition/stack_version") === stackVersion &&
      textAt(item, "VersionDefinition/repository_version") === version,
  );
  const id = at(ours, "VersionDefinition/id");
  return typeof id === "number" ? id : undefined;
}

export async function ensureVersion(api: Ambari, folder: AmbariFolder, run: Run): Promise<number> {
  const { stack, stackVersion, version } = folder.cluster.repository;
  const made = await ensure(
    async () => (await versionNumber(api, folder)) !== undefined,
    () => api.tell("POST", "/version_definitions", folder.versionDefinition, "text/xml"),
    ({ status }) => status === 201,
    (answer) =>
      new HookError(
        `${run.cluster}: Ambari does not take the version definition of ${stack} ${version}: ${answer.status} ${messageOf(answer)}`,
        [
          "a base URL that another version has is refused with an error of the server (500)",
          "found: " + [...folder.versionDefinition.matchAll(/<baseurl>([^<]*)</g)].map(([, url]) => url).join(", "),
        ],
        `see Ambari > Stack and Versions, correct cluster.repository in the pipeline file, then run: ${run.again}`,
      ),
    run,
  );
  if (made !== undefined) run.say(`registered the packages of ${stack} ${stackVersion}, ${version}`);
  const id = await versionNumber(api, folder);
  if (id !== undefined) return id;
  throw new HookError(
    `${run.cluster}: Ambari took the version definition, and does not list ${stack} ${stackVersion} ${version}`,
    [],
    "see Ambari > Stack and Versions",
  );
}

/** Under a name with the hash of its content: one that is there is the same. */
export async function ensureBlueprint(api: Ambari, { cluster, blueprintText }: AmbariFolder, run: Run): Promise<void> {
  const path = `/blueprints/${encodeURIComponent(cluster.blueprint)}`;
  const made = await ensure(
    async () => (await api.get(path)).status === 200,
    () => api.tell("POST", `${path}?validate_topology=true`, blueprintText),
    ({ status }) => status === 201 || status === 409,
    (answer) => refusedBy("the blueprint", answer, run),
    run,
  );
  if (made !== undefined) run.say(`posted the blueprint ${cluster.blueprint}`);
}

export const clusterExists = async (api: Ambari, name: string): Promise<boolean> => {
  const path = `/clusters/${encodeURIComponent(name)}`;
  const answer = await api.get(`${path}?fields=Clusters/cluster_name`);
  if (answer.status === 200) return true;
  if (answer.status === 404) return false;
  throw api.refusal("GET", path, answer);
};

/** @param template with its secrets filled in @returns the number of the request that provisions it, if its answer came */
export async function createCluster(
  api: Ambari,
  name: string,
  template: Readonly<Record<string, unknown>>,
  version: number,
  run: Run,
): Promise<number | undefined> {
  const body = JSON.stringify({ ...template, repository_version_id: version });
  const made = await ensure(
    () => clusterExists(api, name),
    () => api.tell("POST", `/clusters/${encodeURIComponent(name)}`, body),
    ({ status }) => status === 202 || status === 201,
    (answer) => refusedBy("the cluster", answer, run),
    run,
  );
  run.say(`the cluster ${name} is being made`);
  return made === undefined ? undefined : requestNumber(made);
}

/** Of "Requests/id", or of the end of its address. */
export function requestNumber({ body }: Answer): number | undefined {
  const id = at(body, "Requests/id") ?? /\/requests\/(\d+)$/.exec(textAt(body, "href"))?.[1];
  return id === undefined ? undefined : Number(id);
}

function refusedBy(what: string, answer: Answer, run: Run): HookError {
  return new HookError(
    `${run.cluster}: Ambari refuses ${what}: ${answer.status}`,
    messageOf(answer).split("\n").slice(0, 20),
    `npx aws2ncp blueprint check shows what a blueprint lacks; correct the pipeline file, then run: ${run.again}`,
  );
}
