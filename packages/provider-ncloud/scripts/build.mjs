/**
 * Builds this package: lib/ (bindings, generated from data/schema.json by @cdktf/provider-generator and compiled) and
 * dist/ (the typed API over the rules). Each is left alone when nothing that it is made from has changed.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const home = join(dirname(fileURLToPath(import.meta.url)), "..");
process.chdir(home);
const inHome = (...parts) => join(home, ...parts);
const read = (...parts) => readFileSync(inHome(...parts), "utf8");
const { name, version } = JSON.parse(read("package.json"));
const versionOf = (dependency) => require(`${dependency}/package.json`).version;

const filesIn = (folder) =>
  readdirSync(inHome(folder), { recursive: true })
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .map((file) => join(folder, file));

/** One hash over everything that a part of the build is made from. */
function stampOf(files, versions) {
  const hash = createHash("sha256").update(JSON.stringify(versions));
  for (const file of files) hash.update(`\0${file}\0`).update(read(file));
  return hash.digest("hex");
}

/**
 * Makes a folder of the package with `make(temporary folder)`, unless its stamp says that it is up to date. A build that is
 * interrupted, or two at once, leave no half-made folder: the new one takes the place of the old by a rename.
 */
async function part(folder, stamp, make) {
  const stampFile = inHome(folder, ".stamp");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) {
    console.log(`${name}: ${folder}/ is up to date`);
    return;
  }
  const started = performance.now();
  await mkdir(inHome("out"), { recursive: true });
  const made = mkdtempSync(inHome("out", `${folder}-`));
  const old = `${made}-old`;
  try {
    const what = await make(made);
    writeFileSync(join(made, ".stamp"), stamp);
    if (existsSync(inHome(folder))) renameSync(inHome(folder), old);
    renameSync(made, inHome(folder));
    console.log(`${name}: ${what} into ${folder}/ in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  } finally {
    for (const rest of [made, old]) rmSync(rest, { recursive: true, force: true });
  }
}

function readTsconfig(ts) {
  const { config } = ts.readConfigFile(inHome("tsconfig.json"), ts.sys.readFile);
  return ts.parseJsonConfigFileContent(config, ts.sys, home).options;
}

/** Emits a program's files to where `target` says, and fails with the compiler's own words. */
async function compile(ts, files, options, target) {
  const host = ts.createCompilerHost(options);
  const writes = [];
  host.writeFile = (path, text) =>
    writes.push(mkdir(dirname(target(path)), { recursive: true }).then(() => writeFile(target(path), text)));
  const program = ts.createProgram(files, options, host);
  const { diagnostics } = program.emit();
  const all = [...(options.noCheck ? [] : ts.getPreEmitDiagnostics(program)), ...diagnostics];
  await Promise.all(writes);
  if (all.length > 0)
    throw new Error(
      ts.formatDiagnostics(all, {
        getCanonicalFileName: (file) => file,
        getCurrentDirectory: () => home,
        getNewLine: () => "\n",
      }),
    );
}

async function makeBindings(out) {
  // The generator runs `terraform version` as it loads, of which nothing is needed: keep it off the network and quiet.
  process.env.CHECKPOINT_DISABLE = "1";
  delete process.env.TF_CLI_CONFIG_FILE;
  const { CodeMaker, TerraformProviderConstraint, TerraformProviderGenerator } = require("@cdktf/provider-generator");
  const { ConstructsMakerProviderTarget, LANGUAGES } = require("@cdktf/commons");
  const ts = require("typescript");
  const source = "navercloudplatform/ncloud";
  const constraint = new TerraformProviderConstraint({ name: "ncloud", source, version });
  const generator = new TerraformProviderGenerator(new CodeMaker(), JSON.parse(read("data", "schema.json")));
  generator.generate(new ConstructsMakerProviderTarget(constraint, LANGUAGES[0]));
  const sources = join(out, "src");
  await generator.save(sources);
  const root = join(sources, "providers", "ncloud");
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const files = folders.map(({ name: folder }) => join(root, folder, "index.ts"));
  // What the generator wrote is compiled without checking it: the projects that import it check their use of it. swc makes
  // the JavaScript in a tenth of the compiler's time; the declarations need the compiler.
  const options = { ...readTsconfig(ts), noCheck: true, emitDeclarationOnly: true, types: [], rootDir: root };
  delete options.outDir;
  await compile(ts, files, options, (path) => join(out, relative(root, path)));
  await Promise.all(files.map((file) => transpile(file, join(out, relative(root, file)))));
  rmSync(sources, { recursive: true });
  return `generated ${folders.length} bindings of ncloud ${version}`;
}

async function transpile(file, target) {
  const { transformFile } = require("@swc/core");
  const { code } = await transformFile(file, {
    jsc: {
      target: "es2022",
      parser: { syntax: "typescript" },
      // As in the bindings that are published: a declared field is not an assigned one.
      transform: { useDefineForClassFields: false },
    },
    module: { type: "commonjs" },
  });
  await writeFile(target.replace(/ts$/, "js"), code);
}

async function makeRules(out) {
  const ts = require("typescript");
  await compile(ts, RULES, readTsconfig(ts), (path) => join(out, relative(inHome("dist"), path)));
  return "compiled the rules' API";
}

const COMMON = ["package.json", "tsconfig.json", "../../tsconfig.json", "scripts/build.mjs"];
const RULES = [...filesIn("src"), ...filesIn("scripts")];
const typescript = versionOf("typescript");
const bindings = {
  typescript,
  swc: versionOf("@swc/core"),
  generator: versionOf("@cdktf/provider-generator"),
  cdktf: versionOf("cdktf"),
};
await part("lib", stampOf([...COMMON, "data/schema.json"], bindings), makeBindings);
await part("dist", stampOf([...COMMON, ...RULES], { typescript }), makeRules);
