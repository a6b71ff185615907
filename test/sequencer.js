const { readFileSync } = require("node:fs");
const Sequencer = require("@jest/test-sequencer").default;

const LAST = /killed\.test\.ts$/;

/** The longest time that a file of tests allows itself, as in "120_000"; jest's own default is 5 s. */
const allowed = ({ path }) =>
  Math.max(5, ...[...readFileSync(path, "utf8").matchAll(/\b(\d+)_000\)/g)].map(([, seconds]) => Number(seconds)));

module.exports = class extends Sequencer {
  sort(tests) {
    const ofSandbox = tests.every(({ path }) => path.includes("/test/sandbox/e2e/"));
    return ofSandbox ? this.byName(tests) : this.longestFirst(tests);
  }

  /** So that a run is like the one before; the one that destroys and remakes hosts comes last. */
  byName(tests) {
    const place = ({ path }) => `${LAST.test(path) ? 1 : 0} ${path}`;
    return [...tests].sort((a, b) => (place(a) < place(b) ? -1 : 1));
  }

  /** A long one that begins last would be waited for alone. jest knows the durations of its last run; a fresh clone has none. */
  longestFirst(tests) {
    const sorted = super.sort(tests);
    if (sorted.every(({ duration }) => duration !== undefined)) return sorted;
    const seconds = new Map(sorted.map((test) => [test, allowed(test)]));
    return sorted.sort((a, b) => seconds.get(b) - seconds.get(a));
  }
};
