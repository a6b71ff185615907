/** Lint rules of the whole repository. What imports what is a table: the design's direction of dependencies. */
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const root = dirname(fileURLToPath(import.meta.url));

/** Folder (or file) of the root -> folders that it may import beside itself, and whether it may import cdktf. */
const LAYERS = {
  pipeline: { folders: [], cdktf: false },
  // A CA of one's own: what the rehearsal makes its certificates with, and `aws2ncp certs` production's.
  authority: { folders: [], cdktf: false },
  // The bucket of the states and whether its lock holds: the hook that runs before a deploy and `aws2ncp bootstrap` ask alike.
  states: { folders: ["pipeline"], cdktf: false },
  constructs: { folders: ["pipeline"], cdktf: true },
  stacks: { folders: ["constructs", "pipeline"], cdktf: true },
  "main.ts": { folders: ["stacks", "pipeline"], cdktf: true },
  // These read what synth and apply have left, so that they work on any output, whoever made it.
  hooks: { folders: ["pipeline", "states"], cdktf: false },
  // The tables over the data that the copy has left, reached as the hooks reach hosts.
  metastore: { folders: ["pipeline", "hooks"], cdktf: false },
  review: { folders: ["pipeline"], cdktf: false },
  sandbox: { folders: ["pipeline", "authority"], cdktf: false },
  ops: {
    folders: ["pipeline", "authority", "states", "review", "sandbox", "metastore", "hooks"],
    cdktf: false,
  },
  scripts: { folders: ["pipeline"], cdktf: false },
  packages: { folders: [], cdktf: false },
};

const CDKTF = /^(cdktf|constructs|@cdktf\/provider-[a-z]+\/lib)(\/|$)/;

/** First part of a path below the root, "main.ts" for the file. */
const layerOf = (file) => relative(root, file).split(sep)[0];

const layers = {
  meta: {
    type: "problem",
    schema: [],
    messages: {
      folder: "{{from}} must not import {{to}}; allowed: {{allowed}}",
      cdktf: "{{from}} must not import {{to}}: only constructs, stacks and main.ts know cdktf",
    },
  },
  create(context) {
    const from = layerOf(context.filename);
    const layer = LAYERS[from];
    if (layer === undefined) return {};
    const check = (source) => {
      if (typeof source?.value !== "string") return;
      const report = (messageId, to) =>
        context.report({
          node: source,
          messageId,
          data: { from, to, allowed: [from, ...layer.folders, "packages"].join(", ") },
        });
      if (CDKTF.test(source.value) && !layer.cdktf) report("cdktf", source.value);
      if (!source.value.startsWith(".")) return;
      const target = layerOf(resolve(dirname(context.filename), source.value));
      const to = target === "main" ? "main.ts" : target;
      if (to !== from && !layer.folders.includes(to)) report("folder", to);
    };
    return {
      ImportDeclaration: ({ source }) => check(source),
      ExportNamedDeclaration: ({ source }) => check(source),
      ExportAllDeclaration: ({ source }) => check(source),
      ImportExpression: ({ source }) => check(source),
      TSExternalModuleReference: ({ expression }) => check(expression),
      TSImportType: ({ source }) => check(source),
      "CallExpression[callee.name='require']": (node) => check(node.arguments[0]),
    };
  },
};

const NODE = [
  "Buffer",
  "clearInterval",
  "clearTimeout",
  "console",
  "fetch",
  "performance",
  "process",
  "setInterval",
  "setTimeout",
  "URL",
];

export default defineConfig(
  { ignores: ["**/node_modules/", "**/dist/", "**/out/", "**/cdktf.*/", "packages/*/lib/", "**/.venv/"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked, tseslint.configs.stylistic],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      // import() types stand where a module is loaded late.
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { fixStyle: "inline-type-imports", disallowTypeAnnotations: false },
      ],
      "@typescript-eslint/explicit-module-boundary-types": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // An async function without await keeps a promise's interface, and turns what it throws into a rejection.
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: "error",
    },
  },
  {
    // Tests read JSON that others wrote, and compare it with exact values.
    files: ["test/**/*.ts"],
    rules: Object.fromEntries(
      [
        "explicit-any",
        "unsafe-argument",
        "unsafe-assignment",
        "unsafe-call",
        "unsafe-member-access",
        "unsafe-return",
      ].map((what) => [`@typescript-eslint/no-${what}`, "off"]),
    ),
  },
  {
    files: ["**/*.js", "**/*.mjs"],
    languageOptions: { globals: Object.fromEntries(NODE.map((name) => [name, "readonly"])) },
  },
  {
    files: ["**/*.js"],
    languageOptions: { sourceType: "commonjs", globals: { __dirname: "readonly" } },
  },
  {
    plugins: { aws2ncp: { rules: { layers } } },
    rules: {
      "aws2ncp/layers": "error",
      "no-restricted-imports": [
        "error",
        {
          paths: [
            {
              name: "@cdktf/provider-aws",
              message: "Import from @cdktf/provider-aws/lib/RESOURCE: the whole is 390 MB.",
            },
          ],
        },
      ],
    },
  },
  prettier,
);
