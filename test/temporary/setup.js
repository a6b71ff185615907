/** Everything that tests write goes below one folder of the run's own: workers and their programs inherit TMPDIR. */
const { chmodSync, mkdtempSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

module.exports = () => {
  const folder = mkdtempSync(join(tmpdir(), "aws2ncp-tests-"));
  chmodSync(folder, 0o755); // squid and PostgreSQL run as users of their own
  process.env.TMPDIR = folder;
};
