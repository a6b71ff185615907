/** A clone with a program that is synthesized as this project's own is, and takes a second. */
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { scratch } from "../programs";

const root = join(__dirname, "..", "..", "..");

/** Writes one stack whose outputs are the pipeline file and what the program was given. */
const MAIN = `
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
const out: string = process.env.CDKTF_OUTDIR!;
const text = readFileSync(process.argv[2]!, "utf8");
if (text.includes("broken")) {
  console.error(process.argv[2] + ":1:1  is broken\\n  try: mend it");
  process.exit(1);
}
const output = {
  pipeline: { value: text },
  environment: { value: Object.keys(process.env).sort().join() },
  context: { value: process.env.CDKTF_CONTEXT_JSON },
};
mkdirSync(out + "/stacks/only", { recursive: true });
writeFileSync(out + "/manifest.json", '{"stacks":{"only":{"synthesizedStackPath":"stacks/only/cdk.tf.json"}}}');
writeFileSync(out + "/stacks/only/cdk.tf.json", JSON.stringify({ output }));
if (text.includes("endless")) setInterval(() => undefined, 1000);
`;

const FILES: Readonly<Record<string, string>> = {
  ".gitignore": "node_modules\ndist\nsecrets\n",
  "package-lock.json": "{}",
  "packages/own/index.js": "",
  "cdktf.json": '{"app":"node dist/main.js","context":{"retire":["a/b"]}}',
  "tsconfig.build.json":
    '{"compilerOptions":{"module":"commonjs","target":"es2022","outDir":"dist","types":[],"noLib":true},"include":["main.ts","globals.d.ts"]}',
  // The least that the compiler asks for: its own library takes it a second to read.
  "globals.d.ts": ["Array<T>", "Boolean", "CallableFunction", "Function", "IArguments", "NewableFunction", "Number"]
    .concat("Object", "RegExp", "String")
    .map((name) => `interface ${name} {}\n`)
    .join(""),
  "main.ts": MAIN,
  "pipeline.yaml": "first\n",
};

export class Clone {
  readonly folder = scratch();

  constructor() {
    this.git("init", "--quiet", "--initial-branch=main");
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    this.commit(FILES);
  }

  git(...args: readonly string[]): string {
    const identity = ["-c", "user.name=a", "-c", "user.email=a@b.test"];
    return execFileSync("git", [...identity, ...args], { cwd: this.folder, encoding: "utf8", stdio: "pipe" }).trim();
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
    }
  }

  commit(files: Readonly<Record<string, string>>): void {
    this.write(files);
    this.git("add", ".");
    this.git("commit", "--quiet", "--message", "a change");
  }

  /** Of git, this clone's own among them. */
  worktrees(): number {
    return this.git("worktree", "list").split("\n").length;
  }
}
