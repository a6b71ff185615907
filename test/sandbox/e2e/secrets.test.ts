/**
 * No secret lies anywhere but in its own root-only file on the host that needs it, and in the store that it comes from: looked for
 * in every form, in files, logs, states, plans and git, and in processes while a deploy and a sync run. The same search finds a
 * planted one in each of these places.
 */
import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sandboxEnv } from "../../../sandbox/env";
import type { ManifestHost } from "../../../pipeline/manifest";
import { hostExec, hostPid } from "../../../sandbox/hosts";
import { outputPath, projectRoot, sandboxHome, sandboxPath } from "../../../sandbox/paths";
import { readRuns } from "../../../sandbox/rehearsal/cron";
import { deliverAgain, deliveringStacks, deploy, stacks } from "../../../sandbox/rehearsal/deploy";
import { run } from "../../../sandbox/run";
import { secretPath } from "../../../sandbox/secrets";
import { Canaries, type Watched } from "../../support/canaries";
import { eventLog, manifest, rehearsedPlan, until } from "./support";

jest.setTimeout(900_000);

const plan = rehearsedPlan();
const root = projectRoot();
const state = join(root, plan.stateFolder);
const hosts = plan.hosts.map(({ name }) => name);

/** Seen by everybody who opens a connection: no secrets, although they are delivered like ones. */
const PUBLIC = [
  ...["proxy_tls_cert", "proxy_client_ca", "proxy_client_crl", "sync_client_cert", "trust_bundle"],
  ...["hdp_tls_cert", "presto_tls_cert", "presto_node_cert", "batch_ssh_public_key"],
];

/** Made up for this run, and looked for along with the others: to be planted where the search must find it. */
const planted = randomBytes(24).toString("base64").replaceAll("+", "/");

/** Every secret of the pipeline, and the key that signs its certificates. */
const values = new Map<string, string>([
  ...plan.secrets
    .filter(({ name }) => !PUBLIC.includes(name))
    .map(({ name, from }): [string, string] => {
      const value = readFileSync(join(root, from.replace(/^file:/, "")), "utf8").trim();
      // The host of the webhook is no secret: what lets somebody post is the path.
      if (name === "alert_webhook") return [name, new URL(value).pathname];
      // Of a list of logins the first line stands for all.
      return [name, value.includes("PRIVATE KEY") ? value : (value.split("\n")[0] as string)];
    }),
  ["ca_key", readFileSync(secretPath("private", "1.key"), "utf8").trim()],
  ["planted", planted],
]);
const canaries = new Canaries(values);

/** Where things of a deploy lie on this machine. The store itself (`secrets`) is the sandbox's; .terraform has programs only. */
const OUTER: readonly (readonly [what: string, where: string, except: readonly string[]])[] = [
  ["what synth wrote", outputPath(), [".terraform"]],
  ["states, their backups, results, pins and hooks' logs", state, []],
  ["the rehearsal's logs", sandboxPath("log"), []],
  ["all else under out/", join(root, "out"), ["secrets", "s3", "images", "volumes", "mirror"]],
];

/** Where a host keeps files; what a role may write lies below. */
const ON_HOST = ["/etc", "/var", "/home", "/root", "/tmp", "/run", "/srv", "/opt", "/usr/local", "/dev/shm"];

/** A host as the manifest of its stack has it. */
function manifestOf(host: string): ManifestHost {
  const all = deliveringStacks().flatMap((stack) => manifest(stack).hosts);
  return all.find(({ name }) => name === host) as ManifestHost;
}

/**
 * Where Ambari and the services that it sets up keep passwords, and what the administrator's password was last set to (root's alone):
 * docs/cluster.md says who can read them.
 */
const OF_AMBARI =
  /^\/(etc\/(hadoop|hive)\/conf|var\/lib\/ambari-(server|agent)\/|etc\/aws2ncp\/ambari\/admin\.password-set: )/;

/** Files of a host that hold secrets, others than those that they were delivered to. */
async function inFilesOf(host: string): Promise<string[]> {
  const { secretFiles: delivered, roles } = manifestOf(host);
  const ofAmbari = (hit: string): boolean => roles.includes("ambari_agent") && OF_AMBARI.test(hit);
  const { stdout } = await hostExec(host, [...Canaries.GREP, "--", ...ON_HOST], {
    input: canaries.patterns,
    allowFail: true,
  });
  // The journal's files are for inJournalOf(): what grep sees of them is a matter of how long a line was.
  const found = canaries.found(stdout).filter((hit) => !hit.startsWith("/var/log/journal/"));
  return found.filter((hit) => !delivered.some(({ path }) => hit.startsWith(`${path}: `)) && !ofAmbari(hit));
}

/** Secrets in a host's journal, which lies compressed in its files. */
async function inJournalOf(host: string): Promise<string[]> {
  const search = `journalctl --no-pager --output=export | grep -aoF -f <(cat <&3) | sed s/^/journal:/`;
  const { stdout } = await hostExec(host, ["bash", "-c", `exec 3<&0 0</dev/null; ${search}`], {
    input: canaries.patterns,
    allowFail: true,
  });
  return canaries.found(stdout);
}

/** A plan of a stack: the file as it lies there, unpacked, and as Terraform shows it. */
async function inPlanOf(stack: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "canaries-plan-"));
  const [cwd, env] = [outputPath(stack), sandboxEnv()];
  const file = join(folder, "plan");
  try {
    await run("terraform", ["plan", "-input=false", "-no-color", `-out=${file}`], { cwd, env });
    await run("python3", ["-m", "zipfile", "-e", file, join(folder, "unpacked")]);
    const shown = [["-json"], ["-no-color"]].map(async (how) => {
      const { stdout } = await run("terraform", ["show", ...how, file], { cwd, env });
      return canaries.inText(`terraform show ${how.join()}`, stdout);
    });
    return [...canaries.inFiles([folder]), ...(await Promise.all(shown)).flat()];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it("looks for every secret of the pipeline", () => {
  expect([...values.keys()].sort()).toEqual(
    [
      ...plan.secrets.map(({ name }) => String(name)).filter((name) => !PUBLIC.includes(name)),
      "ca_key",
      "planted",
    ].sort(),
  );
  for (const name of [
    "aws_secret_access_key",
    "ncp_secret_access_key",
    "deploy_ssh_key",
    "proxy_tls_key",
    "sync_client_key",
  ])
    expect([...values.keys()]).toContain(name);
});

/** Where hooks keep what they are about to deliver, while they run. */
function privateFolders(): string[] {
  const folder = process.env["XDG_RUNTIME_DIR"] ?? tmpdir();
  return readdirSync(folder).filter((name) => name.startsWith("aws2ncp-") && existsSync(join(folder, name, "secrets")));
}

describe("while a deploy delivers and a sync runs", () => {
  let watched: Watched;
  const foldersBefore = privateFolders();

  beforeAll(async () => {
    const pids = await Promise.all(
      hosts.map(async (host): Promise<[string, number]> => [host, (await hostPid(host))!]),
    );
    const watch = canaries.watch({ ...Object.fromEntries(pids), deploy: process.pid });
    await watch.begun();
    const since = Date.now();
    try {
      await deploy(() => undefined, sandboxPath("log", "e2e-secrets.log"));
      await deliverAgain(() => undefined);
      const dataset = eventLog(plan);
      await until("a good run", 150, async () =>
        (await readRuns("sync-1", dataset.name)).find(({ started, ok }) => ok && Date.parse(started) > since),
      );
    } finally {
      watched = await watch.end();
    }
  });

  it("no process has one in its arguments or its environment", () => {
    expect(watched.hits).toEqual([]);
    // Terraform, providers and the hook; sshd's and Ansible's children, cron's and rclone.
    for (const where of ["deploy", ...hosts]) expect([where, watched.processes[where]! > 10]).toEqual([where, true]);
  });

  it("the hook leaves no folder of its own behind", () => {
    expect(privateFolders().filter((name) => !foldersBefore.includes(name))).toEqual([]);
  });
});

describe("on this machine", () => {
  it.each(OUTER)("%s holds none", (_, where, except) => {
    expect(statSync(where).isDirectory()).toBe(true);
    expect(canaries.inFiles([where], except)).toEqual([]);
  });

  it("no plan of Terraform holds one, packed, unpacked or shown", async () => {
    expect(stacks().length).toBeGreaterThanOrEqual(3);
    for (const stack of stacks()) expect([stack, await inPlanOf(stack)]).toEqual([stack, []]);
  });

  it("git holds none, in its files and in all it remembers", () => {
    expect(canaries.inGit(root)).toEqual([]);
  });

  it("the store is for its owner's eyes only", () => {
    const { mode, uid } = statSync(secretPath());
    expect([mode & 0o777, uid]).toEqual([0o700, process.getuid?.()]);
    expect(secretPath().startsWith(sandboxHome())).toBe(true);
  });
});

describe.each(hosts)("%s", (host) => {
  it("has them in the files that they were delivered to only", async () => {
    expect(await inFilesOf(host)).toEqual([]);
    expect(await inJournalOf(host)).toEqual([]);
  });

  it("has these with the owner and mode that the manifest says, which lets no others in", async () => {
    const files = manifestOf(host).secretFiles;
    expect(files.length).toBeGreaterThan(0);
    for (const { path, owner, group, mode } of files) {
      expect(mode).toMatch(/^06[04]0$/);
      const { stdout } = await hostExec(host, ["stat", "--format=%U %G 0%a", path]);
      expect([path, stdout.trim()]).toEqual([path, `${owner} ${group} ${mode}`]);
    }
  });
});

describe("the same search finds a planted secret", () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "canaries-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each([
    ["a file that synth wrote", "cdk.tf.json", () => JSON.stringify({ user_data: planted })],
    [
      "a state",
      "transfer.tfstate",
      () => JSON.stringify({ attributes: { init: `key=${encodeURIComponent(planted)}` } }),
    ],
    ["a log", "deploy.log", () => `Authorization: Basic ${Buffer.from(`user:${planted}`).toString("base64")}\n`],
  ])("in %s", (_, name, text) => {
    mkdirSync(join(folder, "deep"));
    writeFileSync(join(folder, "deep", name), text());
    expect(canaries.inFiles([folder])).toEqual([`${folder}/deep/${name}: planted`]);
  });

  it("in git, where no commit reaches it", async () => {
    await run("git", ["init", "-q", folder]);
    await run("git", ["-C", folder, "hash-object", "-w", "--stdin"], { input: `key: ${planted}\n` });
    expect(canaries.inGit(folder)).toEqual([`git: planted`]);
  });

  it("in a log and in the journal of a host", async () => {
    const log = "/var/log/aws2ncp/e2e-planted.log";
    await hostExec("sync-1", ["tee", log], { input: `key = ${planted}\n` });
    await hostExec("sync-1", ["systemd-cat", "--identifier=e2e-planted"], { input: `key = ${planted}\n` });
    try {
      expect(await inFilesOf("sync-1")).toEqual([`${log}: planted`]);
      expect(await inJournalOf("sync-1")).toEqual(["journal: planted"]);
    } finally {
      await hostExec("sync-1", ["rm", log]);
    }
  });

  it("in an argument and in an environment on a host", async () => {
    const watch = canaries.watch({ "sync-1": (await hostPid("sync-1"))! });
    await watch.begun();
    const unit = ["--quiet", "--collect", "--wait", "--pipe"];
    try {
      // Both come to the host by standard input; systemd starts them, as it starts cron's.
      const script = `read -r secret; systemd-run ${unit.join(" ")} --property=RuntimeMaxSec=60 sh -c 'sleep 5; :' "$secret"; systemd-run ${unit.join(" ")} --setenv=TOKEN="$secret" sleep 5`;
      await hostExec("sync-1", ["bash", "-c", script], { input: `${planted}\n`, allowFail: true });
    } finally {
      const { hits } = await watch.end();
      expect(hits).toEqual(
        expect.arrayContaining([`sync-1 sh arguments: planted`, `sync-1 sleep environment: planted`]),
      );
    }
  });
});
