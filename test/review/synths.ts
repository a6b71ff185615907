/** Small outputs of synth, written by hand: for what the review does with a text or a name, whoever made it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Json } from "../../review/report";

export interface StackContent {
  /** cdk.tf.json */
  readonly json?: Json;
  /** Texts of files by host and path: { "proxy-1": { "/etc/squid/squid.conf": "…" } } */
  readonly files?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Variables of each host. */
  readonly vars?: Json;
}

export type Stacks = Readonly<Record<string, StackContent>>;

/** Writes an output folder; returns it. */
export function writeSynth(folder: string, stacks: Stacks): string {
  const put = (path: string, value: unknown): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof value === "string" ? value : JSON.stringify(value));
  };
  const names = Object.keys(stacks);
  put("manifest.json", {
    stacks: Object.fromEntries(names.map((name) => [name, { synthesizedStackPath: `stacks/${name}/cdk.tf.json` }])),
  });
  for (const [name, { json = {}, files = {}, vars = {} }] of Object.entries(stacks)) {
    put(`stacks/${name}/cdk.tf.json`, json);
    const artifacts = `stacks/${name}/artifacts`;
    for (const [host, texts] of Object.entries(files))
      for (const [path, text] of Object.entries(texts)) put(join(artifacts, host, path), text);
    put(join(artifacts, "manifest.json"), {
      version: 1,
      root: ".",
      secrets: [],
      hosts: Object.entries(files).map(([host, texts]) => ({
        name: host,
        roles: [],
        vars,
        files: Object.keys(texts).map((path) => ({
          path,
          owner: "root",
          group: "root",
          mode: "0644",
          role: "r",
          notify: [],
        })),
        secretFiles: [],
      })),
    });
  }
  return folder;
}
