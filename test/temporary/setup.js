/** Everything that tests write goes below one folder of the run's own: workers and their programs inherit TMPDIR. */
const { mkdtempSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

module.exports = () => {
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), "aws2ncp-tests-"));
};
