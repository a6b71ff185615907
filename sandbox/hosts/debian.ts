/** Debian packages as the outer machine gets them: its own sources and settings, never a mirror that this project names. */
import { readFile, writeFile } from "node:fs/promises";
import { run } from "../run";

/** The release that hosts are made of; the outer machine's sources must offer it. */
export const RELEASE = "bookworm";

export const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Lines for a sources.list out of `apt-get indextargets --format '$(ORIGIN)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)'`. */
export function debianSources(indexTargets: string): string[] {
  const lines = new Set<string>();
  for (const target of indexTargets.split("\n")) {
    const [origin, uri, suite, component] = target.trim().split("|");
    if (origin !== "Debian" || uri === undefined || suite === undefined || component === undefined) continue;
    if (suite !== RELEASE && !suite.startsWith(`${RELEASE}-`)) continue;
    lines.add(`deb [signed-by=${KEYRING}] ${uri} ${suite} ${component}`);
  }
  return [...lines].sort();
}

/** Package sources of the outer machine for {@link RELEASE}. Refreshes its package lists if it has none yet. */
export async function outerSources(): Promise<string> {
  const format = "$(ORIGIN)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)";
  const targets = ["indextargets", "--format", format, "Created-By: Packages"];
  let lines = debianSources((await run("apt-get", targets)).stdout);
  if (lines.length === 0) {
    await run("apt-get", ["update"]);
    lines = debianSources((await run("apt-get", targets)).stdout);
  }
  if (lines.length === 0) {
    throw new Error(
      `this machine's apt has no source of Debian ${RELEASE}: hosts of the sandbox are made from it\n` +
        "  found: no index of origin Debian in `apt-get indextargets`\n" +
        "  allowed: any mirror of Debian 12\n  try: add one under /etc/apt/sources.list.d and run `apt-get update`",
    );
  }
  return `${lines.join("\n")}\n`;
}

/** How the outer machine's apt reaches its sources (proxy, certificates, retries), as a configuration file. */
export async function writeOuterSettings(file: string): Promise<void> {
  const dump = (await run("apt-config", ["dump", "--no-empty"])).stdout;
  await writeFile(
    file,
    dump
      .split("\n")
      .filter(isAcquireSetting)
      .map((line) => `${line}\n`)
      .join(""),
  );
}

/** What downloads depend on; index formats are left to apt. */
function isAcquireSetting(line: string): boolean {
  return /^Acquire::(http|https|ftp|Retries|Check-|proxy|Languages|ForceIPv4)/i.test(line);
}

/** Names in a list with one package a line; `#` starts a comment. */
export function packageNames(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "")
    .sort();
}

export async function readPackageNames(file: string): Promise<string[]> {
  return packageNames(await readFile(file, "utf8"));
}
