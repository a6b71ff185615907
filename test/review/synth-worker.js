/**
 * Synthesizes a copy of this project's sources again and again, each time with some texts of them changed: a process of its own that keeps cdktf and the
 * bindings loaded, and loads the sources anew. It is asked for `{ file, edits: [{ file, from, to }], context, outdir }`, the first file being the pipeline file, and answers `{ error }`, which is
 * undefined where all is well.
 */
const { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { dirname, join } = require("node:path");
const Module = require("node:module");
const { transformSync } = require("@swc/core");

const root = join(__dirname, "..", "..");
const SOURCES = [
  "main.ts",
  "pipeline.yaml",
  "examples",
  "pipeline",
  "constructs",
  "stacks",
  "hooks",
  "states",
  "ansible-templates",
];
const tree = mkdtempSync(join(tmpdir(), "review-tree-"));
for (const source of SOURCES) cpSync(join(root, source), join(tree, source), { recursive: true });
// Few hosts, so that the findings about all of them can be read.
cpSync(join(root, "test", "review", "production.yaml"), join(tree, "examples", "production.yaml"));
symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
/** Another public key; nobody has its other half. */
const KIM = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKimKimKimKimKimKimKimKimKimKimKimKimKimKimK kim\n";

const KEYS = ["out/sandbox/secrets/deploy.pub", "examples/keys/deploy.pub", "examples/keys/kim.pub"];
for (const key of KEYS) {
  mkdirSync(dirname(join(tree, key)), { recursive: true });
  const line = readFileSync(join(root, "test", "fixtures", "deploy.pub"), "utf8");
  writeFileSync(join(tree, key), key.includes("kim") ? KIM : line);
}
process.on("exit", () => rmSync(tree, { recursive: true, force: true }));
process.on("disconnect", () => process.exit());

const OPTIONS = { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } };
const compiled = new Map();
Module._extensions[".ts"] = (module, filename) => {
  const source = readFileSync(filename, "utf8");
  if (!compiled.has(source)) compiled.set(source, transformSync(source, { ...OPTIONS, filename }).code);
  module._compile(compiled.get(source), filename);
};

// What synth validates has tests of its own.
require("cdktf").TerraformStack.prototype.runAllValidations = () => undefined;

let changed = true;

/** Modules of the tree are loaded anew where one of them may be another; those of node_modules stay. */
function forget(edits) {
  const sources = edits.some(({ file }) => !file.endsWith(".yaml"));
  if (sources || changed)
    for (const path of Object.keys(require.cache)) if (path.startsWith(tree + "/")) delete require.cache[path];
  delete require.cache[join(tree, "main.ts")];
  changed = sources;
}

function edited(edits, run) {
  const originals = new Map();
  try {
    for (const { file, from, to } of edits) {
      const path = join(tree, file);
      const text = readFileSync(path, "utf8");
      if (!originals.has(path)) originals.set(path, text);
      if (!text.includes(from)) throw new Error(`${file} does not hold ${JSON.stringify(from)}`);
      writeFileSync(
        path,
        text.replace(from, () => to),
      );
    }
    return run();
  } finally {
    for (const [path, text] of originals) writeFileSync(path, text);
  }
}

function synth({ file, edits, context, outdir }) {
  forget(edits);
  let said = "";
  const write = process.stderr.write;
  process.stderr.write = (text) => ((said += text), true);
  process.env.CDKTF_OUTDIR = outdir;
  process.env.CDKTF_CONTEXT_JSON = JSON.stringify(context);
  process.argv[2] = join(tree, file);
  process.exitCode = 0;
  try {
    require(join(tree, "main.ts"));
  } finally {
    process.stderr.write = write;
  }
  if (process.exitCode !== 0) throw new Error(said);
  process.exitCode = 0;
}

process.on("message", (asked) => {
  try {
    edited(asked.edits, () => synth(asked));
    process.send({});
  } catch (error) {
    process.send({ error: error.stack });
  }
});
