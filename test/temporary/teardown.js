/** Removes the folder that ./setup.js made, whatever the tests left there. */
const { rmSync } = require("node:fs");

module.exports = () => rmSync(process.env.TMPDIR, { recursive: true, force: true });
