const Sequencer = require("@jest/test-sequencer").default;

const LAST = /killed\.test\.ts$/;

/** Suites of the sandbox by name, so that a run is like the one before; the one that destroys and remakes hosts comes last. */
module.exports = class extends Sequencer {
  sort(tests) {
    if (!tests.every(({ path }) => path.includes("/test/sandbox/e2e/"))) return super.sort(tests);
    const place = ({ path }) => `${LAST.test(path) ? 1 : 0} ${path}`;
    return [...tests].sort((a, b) => (place(a) < place(b) ? -1 : 1));
  }
};
