/** No secret lies anywhere but in its own root-only file on the host that needs it. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { hostExec } from "../../../sandbox/hosts";
import { outputPath, projectRoot, sandboxPath } from "../../../sandbox/paths";
import { manifest, rehearsedPlan } from "./support";

jest.setTimeout(60_000);

const plan = rehearsedPlan();

/** What must not be seen, by name: the values themselves, and of a private key a line from its middle. */
function secretValues(): Map<string, string> {
  const values = new Map<string, string>();
  for (const { name, from } of plan.secrets) {
    const text = readFileSync(join(projectRoot(), from.replace(/^file:/, "")), "utf8").trim();
    if (text.includes("PRIVATE KEY")) values.set(name, text.split("\n")[2] as string);
    else if (name.includes("access_key")) values.set(name, text);
  }
  return values;
}

function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

const values = secretValues();

it("knows what to look for", () => {
  expect([...values.keys()].sort()).toEqual(
    [
      "aws_access_key_id",
      "aws_secret_access_key",
      "deploy_ssh_key",
      "ncp_access_key_id",
      "ncp_secret_access_key",
      "proxy_tls_key",
      "sync_client_key",
    ].sort(),
  );
  for (const value of values.values()) expect(value.length).toBeGreaterThanOrEqual(16);
});

it.each([
  ["what synth wrote", () => outputPath()],
  ["Terraform's state and what lies beside it", () => join(projectRoot(), plan.stateFolder)],
  ["the rehearsal's logs", () => sandboxPath("log")],
])("%s holds none", (_, folder) => {
  for (const file of filesBelow(folder())) {
    if (/[\\/]\.terraform[\\/]/.test(file) || statSync(file).size > 50_000_000) continue;
    const text = readFileSync(file, "latin1");
    for (const [name, value] of values) if (text.includes(value)) throw new Error(`${file} holds ${name}`);
  }
});

it.each(plan.hosts.map(({ name }) => name))(
  "%s has them in their own files only, which others can't read",
  async (host) => {
    const own = new Set(
      manifest()
        .hosts.find(({ name }) => name === host)
        ?.secretFiles.map(({ path }) => path),
    );
    const places = ["/etc", "/var/log", "/var/lib/aws2ncp", "/home", "/root", "/tmp", "/var/tmp", "/run", "/usr/local"];
    for (const [name, value] of values) {
      const { stdout } = await hostExec(host, ["grep", "-rlFs", "-D", "skip", "-f", "/dev/stdin", ...places], {
        input: `${value}\n`,
        allowFail: true,
      });
      const found = stdout.split("\n").filter((path) => path !== "" && !own.has(path));
      expect([name, found]).toEqual([name, []]);
      const search = 'journal=$(mktemp) && journalctl --no-pager >"$journal"; grep -cF -f - "$journal"; rm "$journal"';
      const journal = await hostExec(host, ["sh", "-c", search], { input: `${value}\n`, allowFail: true });
      expect([name, journal.stdout.trim()]).toEqual([name, "0"]);
    }
    for (const path of own) {
      const { stdout } = await hostExec(host, ["stat", "--format=%a", path]);
      expect([path, stdout.trim()]).toEqual([path, expect.stringMatching(/^[0-7]?[0-7][04]0$/)]);
    }
  },
);
