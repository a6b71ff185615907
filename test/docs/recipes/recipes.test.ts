/** The recipes for CI, as far as they run without one: YAML, the scripts, and that there is only ever one comment. */
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { pipelineFile } from "../../fixtures/pipeline";

const root = join(__dirname, "..", "..", "..");
const recipes = join(root, "docs", "recipes");
const folder = mkdtempSync(join(tmpdir(), "recipes-"));
afterAll(() => rmSync(folder, { recursive: true }));

const yaml = (name: string): any => parse(readFileSync(join(recipes, name), "utf8"));
const MARKER = "<!-- aws2ncp review: this comment is kept up to date -->";

/** Writes a program for a test to stand before the real one on the PATH. */
function program(folder: string, name: string, lines: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  return join(folder, name);
}

describe("review.sh", () => {
  const script = (args: readonly string[], env: NodeJS.ProcessEnv, cwd = folder) =>
    spawnSync("sh", [join(recipes, "review.sh"), ...args], { cwd, encoding: "utf8", env: { ...process.env, ...env } });
  /** With a command that writes what it was called with, and ends with this code. */
  const run = (code: number, args: readonly string[], writes = 'echo "$@" >"$9/review.md"') =>
    script(args, { AWS2NCP: program(folder, `review-${code}`, `${writes}; echo aside >&2; exit ${code}`) });
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");

  it.each([0, 1])("reviews once, writes the comment, and ends as the review: %d", (code) => {
    expect(run(code, ["base folder", "head", `out-${code}`]).status).toBe(code);
    expect(readdirSync(join(folder, `out-${code}`)).sort()).toEqual(["comment.md", "review.md"]);
    expect(read(`out-${code}/comment.md`)).toBe(
      `${MARKER}\n\nreview --base base folder --head head --pipeline pipeline.yaml --out out-${code} --fail-on high\n`,
    );
  });

  it("leaves nothing to post after wrong use or without a review, not even what another run has left", () => {
    for (const code of [2, 1]) {
      run(0, ["a", "b", "again"], 'cd "$9" && touch review.md review.html review.json');
      expect(run(code, ["a", "b", "again"], "true").status).toBe(2);
      expect(readdirSync(join(folder, "again"))).toEqual([]);
    }
    expect(run(0, ["only one"]).status).toBe(2);
    expect(existsSync(join(folder, "review"))).toBe(false);
  });

  it("reviews two output folders with the real command", () => {
    const sides = ["before", "after"].map((name) => join(folder, name));
    const files = [pipelineFile(), pipelineFile(["admin_cidrs: [198.51.100.1/32]", "admin_cidrs: [198.51.100.0/28]"])];
    for (const [index, side] of sides.entries())
      spawnSync("node", [join(root, "dist", "main.js"), files[index] as string], {
        cwd: root,
        env: { ...process.env, CDKTF_OUTDIR: side },
      });
    const { status } = script([...sides, "real"], { AWS2NCP: `node ${join(root, "dist", "ops", "main.js")}` });
    expect(status).toBe(1);
    expect(readdirSync(join(folder, "real")).sort()).toEqual(["comment.md", "review.html", "review.json", "review.md"]);
    expect(read("real/comment.md")).toMatch(/^<!-- .* -->\n\n\*\*1 high/);
    expect(read("real/comment.md")).toContain("Network opened");
    expect(read("real/review.html")).toContain("<h1>1 high");
  });

  it("synthesizes each side with its own dependencies where they differ, and leaves no worktree", () => {
    const clone = join(folder, "clone");
    mkdirSync(clone);
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.test", ...args], { cwd: clone });
    git("init", "--quiet");
    for (const lock of ["one", "two"]) {
      writeFileSync(join(clone, "package-lock.json"), lock);
      git("add", ".");
      git("commit", "--quiet", "-m", lock);
    }
    const bin = join(folder, "bin");
    program(bin, "npm", "true");
    program(bin, "npx", "mkdir cdktf.out && cp package-lock.json cdktf.out/");
    const command = program(bin, "review", 'cat "$3/package-lock.json" "$5/package-lock.json" >"$9/review.md"');
    const { status } = script(["HEAD^1", "HEAD"], { AWS2NCP: command, PATH: `${bin}:${process.env["PATH"]}` }, clone);
    expect(status).toBe(0);
    expect(readFileSync(join(clone, "review", "comment.md"), "utf8")).toBe(`${MARKER}\n\nonetwo`);
    expect(String(git("worktree", "list")).trim().split("\n")).toHaveLength(1);
  });
});

describe("the recipe for GitHub Actions", () => {
  const { jobs, on, permissions } = yaml("github-actions.yml");
  const steps: { uses?: string; run?: string; with?: { script?: string } }[] = jobs.review.steps;

  it("runs without secrets on pull requests, and may write comments only", () => {
    expect(on).toBe("pull_request");
    expect(permissions).toEqual({ contents: "read", "pull-requests": "write" });
    expect(JSON.stringify(jobs)).not.toMatch(/secrets\./);
  });

  it("uses GitHub's own actions only, each of one major version, and puts no expression into a script", () => {
    expect(steps.flatMap(({ uses }) => uses ?? [])).toEqual([
      "actions/checkout@v4",
      "actions/setup-node@v4",
      "actions/github-script@v7",
    ]);
    for (const { run, with: given } of steps) expect(`${run}${given?.script}`).not.toContain("${{");
  });

  /** Runs the step's script as actions/github-script does, against these comments. */
  async function post(comments: readonly object[]): Promise<[string, object][]> {
    const calls: [string, object][] = [];
    const record = (name: string) => (args: object) => Promise.resolve(void calls.push([name, args]));
    const issues = { listComments: "list", updateComment: record("update"), createComment: record("create") };
    const github = { paginate: () => Promise.resolve(comments), rest: { issues } };
    const context = { repo: { owner: "o", repo: "r" }, issue: { number: 7 } };
    const files = { readFileSync: () => `${MARKER}\n\nnew` };
    const AsyncFunction = (async () => undefined).constructor as new (
      ...args: string[]
    ) => (...args: any[]) => Promise<void>;
    const script = steps.at(-1)?.with?.script as string;
    await new AsyncFunction("github", "context", "require", script)(github, context, () => files);
    return calls;
  }

  it("makes the comment, and changes its own later on", async () => {
    const body = `${MARKER}\n\nnew`;
    const others = [
      { id: 1, user: { type: "User" }, body: `${MARKER} copied` },
      { id: 2, user: { type: "Bot" }, body: "another bot" },
      { id: 3, user: null, body: null },
    ];
    expect(await post(others)).toEqual([["create", { owner: "o", repo: "r", issue_number: 7, body }]]);
    expect(await post([...others, { id: 4, user: { type: "Bot" }, body: `${MARKER}\n\nold` }])).toEqual([
      ["update", { owner: "o", repo: "r", comment_id: 4, body }],
    ]);
  });
});

describe("the recipe for GitLab", () => {
  it("runs on merge requests, keeps the page, and ends as the review", () => {
    const { review } = yaml("gitlab-ci.yml");
    expect(review.rules).toEqual([{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }]);
    expect(review.artifacts.paths).toEqual(["review/"]);
    expect(review.script.at(-1)).toBe("exit $status");
  });

  /** GitLab as far as the script asks it: one user, two pages of notes. */
  function gitLab(notes: readonly { id: number; author: { id: number }; body: string }[]): {
    server: Server;
    asked: string[];
  } {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      let text = "";
      request.on("data", (part) => (text += String(part)));
      request.on("end", () => {
        const path = request.url ?? "";
        const answer = (body: unknown, headers = {}): void => {
          response.writeHead(request.headers["private-token"] === "token" ? 200 : 401, headers);
          response.end(JSON.stringify(body));
        };
        if (request.method !== "GET") asked.push(`${request.method} ${path} ${JSON.parse(text).body}`);
        if (path === "/user") return answer({ id: 9 });
        const second = path.endsWith("page=2");
        return answer(second ? notes.slice(1) : notes.slice(0, 1), { "x-next-page": second ? "" : "2" });
      });
    });
    return { server, asked };
  }

  async function post(notes: Parameters<typeof gitLab>[0], token = "token"): Promise<string[]> {
    const { server, asked } = gitLab(notes);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const file = join(folder, "note.md");
    writeFileSync(file, `${MARKER}\n\nnew`);
    const env = {
      ...process.env,
      CI_API_V4_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      CI_PROJECT_ID: "3",
      CI_MERGE_REQUEST_IID: "5",
      REVIEW_TOKEN: token,
    };
    try {
      await promisify(execFile)("node", [join(recipes, "gitlab-comment.mjs"), file], { env });
    } finally {
      server.close();
    }
    return asked;
  }

  const NOTES = "/projects/3/merge_requests/5/notes";

  it("makes the comment, and changes its own later on, whichever page it is on", async () => {
    const another = { id: 1, author: { id: 8 }, body: `${MARKER} copied` };
    expect(await post([another])).toEqual([`POST ${NOTES} ${MARKER}\n\nnew`]);
    expect(await post([another, { id: 2, author: { id: 9 }, body: `${MARKER}\n\nold` }])).toEqual([
      `PUT ${NOTES}/2 ${MARKER}\n\nnew`,
    ]);
  });

  it("fails where GitLab refuses, and keeps the token to itself", async () => {
    const failure = await post([], "wrong-token").catch((error: { stderr: string }) => error.stderr);
    expect(failure).toContain("GET /user: GitLab answers 401");
    expect(failure).not.toContain("wrong-token");
  });
});
