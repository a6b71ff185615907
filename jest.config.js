/** Unit and synth tests run anywhere in seconds; `test/sandbox` needs the sandbox and runs as a project of its own. */
const swc = (syntax) => ["@swc/jest", { jsc: { target: "es2022", parser: { syntax } }, module: { type: "commonjs" } }];
const base = {
  testEnvironment: "node",
  transform: {
    "^.+\\.ts$": swc("typescript"),
    // ES modules only, which jest's own require can't load.
    "/node_modules/hyparquet(-writer)?/.+\\.js$": swc("ecmascript"),
  },
  transformIgnorePatterns: ["/node_modules/(?!hyparquet)"],
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/out/", "<rootDir>/cdktf[.][a-z]+/"],
};

module.exports = {
  // jest leaves one processor free by default: half of a machine that has two.
  maxWorkers: "100%",
  testSequencer: "<rootDir>/test/sequencer.js",
  globalSetup: "<rootDir>/test/temporary/setup.js",
  globalTeardown: "<rootDir>/test/temporary/teardown.js",
  projects: [
    {
      ...base,
      displayName: "unit",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/sandbox/e2e/"],
    },
    { ...base, displayName: "sandbox", testMatch: ["<rootDir>/test/sandbox/e2e/**/*.test.ts"] },
  ],
};
