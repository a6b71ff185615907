/**
 * What engines are made of: lists of jars (and a few archives) by Maven coordinates and SHA-256, fetched by Maven into one store
 * of the cache, so that a jar that several engines share lies there once.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256Of } from "../checksum";
import { cacheFolder, projectRoot } from "../paths";
import { run } from "../run";

export interface Jar {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
  /** "jar", "zip", "tar.gz" */
  readonly packaging: string;
  /** "linux-x86_64", "tests" */
  readonly classifier?: string;
  readonly sha256: string;
}

/** Told in a few words what is being fetched. */
export type Note = (text: string) => void;

const PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1";
/** Jars that one run of Maven fetches: what a run cut short has got counts from the next one's beginning. */
const BATCH = 100;
/** Downloads at a time. */
const THREADS = 10;

const listFile = (name: string): string => join(projectRoot(), "sandbox", "engines", "jars", `${name}.txt`);
const storePath = (...parts: string[]): string => join(cacheFolder(), "engines", ...parts);

/** Jars of a list: `GROUP:ARTIFACT:VERSION:PACKAGING[:CLASSIFIER] SHA256` a line. @throws at a line of another form */
export function jarsIn(text: string): Jar[] {
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const match = /^([^:\s]+):([^:\s]+):([^:\s]+):([^:\s]+)(?::([^:\s]+))? ([0-9a-f]{64})$/.exec(line);
      if (match === null)
        throw new Error(`not a jar: ${line}\n  allowed: GROUP:ARTIFACT:VERSION:PACKAGING[:CLASSIFIER] SHA256`);
      const [, group = "", artifact = "", version = "", packaging = "", classifier, sha256 = ""] = match;
      return { group, artifact, version, packaging, ...(classifier === undefined ? {} : { classifier }), sha256 };
    });
}

/** The list of an engine: sandbox/engines/jars/NAME.txt. */
export const jarList = async (name: string): Promise<Jar[]> => jarsIn(await readFile(listFile(name), "utf8"));

/** "hadoop-common-3.3.6.jar" */
export const fileNameOf = ({ artifact, version, packaging, classifier }: Jar): string =>
  `${artifact}-${version}${classifier === undefined ? "" : `-${classifier}`}.${packaging}`;

const storedAt = (jar: Jar): string => storePath("jars", `${jar.sha256.slice(0, 12)}-${fileNameOf(jar)}`);

/** A project that needs exactly these jars: what each of them would bring is left out, since the list is complete. */
export function projectOf(jars: readonly Jar[]): string {
  const dependency = ({ group, artifact, version, packaging, classifier }: Jar): string =>
    [
      "<dependency>",
      `<groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>`,
      `<type>${packaging}</type>`,
      ...(classifier === undefined ? [] : [`<classifier>${classifier}</classifier>`]),
      "<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>",
      "</dependency>",
    ].join("");
  return [
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>',
    "<groupId>sandbox</groupId><artifactId>engines</artifactId><version>1</version><dependencies>",
    ...jars.map(dependency),
    "</dependencies></project>",
    "",
  ].join("\n");
}

/**
 * Puts jars into a folder under their own names, as further names of the files in the store. What the store lacks is fetched
 * first; a run that was cut short goes on where it ended.
 */
export async function putJars(name: string, jars: readonly Jar[], folder: string, note: Note): Promise<void> {
  // One after the other: two runs of Maven must not write to one local repository.
  const before = fetching;
  fetching = before.catch(() => undefined).then(() => fetchMissing(name, jars, note));
  await fetching;
  await mkdir(folder, { recursive: true });
  for (const jar of jars) await link(storedAt(jar), join(folder, fileNameOf(jar)));
}

let fetching: Promise<void> = Promise.resolve();

async function fetchMissing(name: string, jars: readonly Jar[], note: Note): Promise<void> {
  await mkdir(storePath("jars"), { recursive: true });
  const missing = jars.filter((jar) => !existsSync(storedAt(jar)));
  for (let from = 0; from < missing.length; from += BATCH) {
    note(`${name}: fetching jars ${from + 1} to ${Math.min(from + BATCH, missing.length)} of ${missing.length}`);
    await fetchJars(missing.slice(from, from + BATCH));
  }
}

async function fetchJars(jars: readonly Jar[]): Promise<void> {
  const work = storePath(`fetch.${process.pid}`);
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  try {
    await writeFile(join(work, "pom.xml"), projectOf(jars));
    // A local repository of its own, kept until all is fetched: Maven goes on with what it has.
    const settings = [`-Dmaven.repo.local=${storePath("maven")}`, `-Dmaven.artifact.threads=${THREADS}`];
    const goal = [`${PLUGIN}:copy-dependencies`, "-DoutputDirectory=lib"];
    await run("mvn", ["--batch-mode", "--quiet", ...settings, ...goal], { cwd: work }).catch((error: unknown) => {
      throw new Error(
        `jars of the engines could not be fetched: ${(error as Error).message}\n` +
          "  try: mvn dependency:get -Dartifact=org.apache.hadoop:hadoop-common:3.3.6, which must work from this machine; then the same command again: it goes on where it ended",
      );
    });
    for (const jar of jars) await store(jar, join(work, "lib", fileNameOf(jar)));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function store(jar: Jar, file: string): Promise<void> {
  const found = await sha256Of(file);
  if (found !== jar.sha256)
    throw new Error(
      `${jar.group}:${jar.artifact}:${jar.version} has the SHA-256 ${found}\n  allowed: ${jar.sha256}, the one this project was made with\n` +
        `  try: see whether the repository that Maven is set to changed the file; rm -r ${storePath("maven")} fetches it again`,
    );
  await rename(file, storedAt(jar));
}

/** Forgets Maven's own copies; the store has all that was fetched. */
export const dropMavenCopies = (): Promise<void> => rm(storePath("maven"), { recursive: true, force: true });

/** Twelve hex digits: the same jars make the same folder. */
export function hashOf(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 12);
}
