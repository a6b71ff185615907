/** Parts of the Ambari hook on their own: what is at localhost, what is printed, what is no answer. */
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { Ambari, Unanswered } from "../../../hooks/ambari/api";
import type { Standing } from "../../../hooks/ambari/look";
import { hostLines, progress } from "../../../hooks/ambari/progress";
import { localAddresses } from "../../../hooks/ambari/verify";
import { HookError } from "../../../hooks/errors";
import { SshRefused } from "../../../hooks/ssh/connect";

describe("addresses at localhost", () => {
  it("are found in every form", () => {
    expect(
      localAddresses({
        "core-site": { "fs.defaultFS": "hdfs://localhost:8020", "hadoop.tmp.dir": "/tmp/localhost-data" },
        "hive-site": {
          "hive.metastore.uris": "thrift://hdp-2:9083,thrift://LOCALHOST:9083",
          "javax.jdo.option.ConnectionURL": "jdbc:postgresql://127.0.0.1/hive",
        },
        "yarn-site": { "yarn.resourcemanager.hostname": "localhost" },
        "spark2-defaults": { "spark.yarn.historyServer.address": "localhost:18081" },
      }),
    ).toEqual([
      "core-site/fs.defaultFS: hdfs://localhost:8020",
      "hive-site/hive.metastore.uris: thrift://hdp-2:9083,thrift://LOCALHOST:9083",
      "hive-site/javax.jdo.option.ConnectionURL: jdbc:postgresql://127.0.0.1/hive",
      "spark2-defaults/spark.yarn.historyServer.address: localhost:18081",
      "yarn-site/yarn.resourcemanager.hostname: localhost",
    ]);
  });

  it("are not looked for in whole files, environments, and what only Ranger reads", () => {
    expect(
      localAddresses({
        "ams-grafana-ini": { content: "host = localhost:25" },
        "hive-site": { content: "# localhost:9083", "hive.server2.authentication": "NONE" },
        "hadoop-env": { example: "localhost:8020" },
        "ranger-hdfs-site": { "xasecure.audit.destination": "localhost:3306" },
      }),
    ).toEqual([]);
  });
});

describe("progress", () => {
  const at = (host: string, component: string, state: string, goal: Standing["goal"] = "STARTED"): Standing => ({
    host,
    component,
    state,
    goal,
  });
  const half = [
    at("hdp-1.x", "NAMENODE", "STARTING"),
    at("hdp-1.x", "HDFS_CLIENT", "INSTALLED", "INSTALLED"),
    ...["A", "B", "C"].map((name) => at("hdp-2.x", name, "INSTALLING")),
  ];
  const done = half.map(({ goal, ...each }) => ({ ...each, goal, state: goal }));

  function screen(isTTY: boolean) {
    const printed: string[] = [];
    return { printed, isTTY, columns: 60, write: (text: string) => printed.push(text) };
  }

  it("says of each host what is installed, what runs, and what is under way", () => {
    expect([...hostLines(half).values()]).toEqual([
      "hdp-1.x: 2 of 2 installed, 0 of 1 running; STARTING NAMENODE",
      "hdp-2.x: 0 of 3 installed, 0 of 3 running; INSTALLING A, INSTALLING B, 1 more",
    ]);
  });

  it("prints plain lines where there is no terminal: what changes, every ten seconds, and the end", () => {
    const to = screen(false);
    let now = 0;
    const { tell } = progress(to, () => now);
    tell(half);
    tell(half);
    expect(to.printed).toHaveLength(2);
    const more = half.map((each) => ({ ...each, state: "INSTALLED" }));
    now = 9_000;
    tell(more);
    expect(to.printed).toHaveLength(2);
    now = 10_000;
    tell(more);
    expect(to.printed.slice(2)).toEqual([
      "hdp-1.x: 2 of 2 installed, 0 of 1 running\n",
      "hdp-2.x: 3 of 3 installed, 0 of 3 running\n",
    ]);
    tell(done);
    expect(to.printed.slice(4)).toEqual([
      "hdp-1.x: 2 of 2 installed, 1 of 1 running\n",
      "hdp-2.x: 3 of 3 installed, 3 of 3 running\n",
    ]);
  });

  it("keeps one line moving on a terminal, no longer than it is wide", () => {
    const to = screen(true);
    const { tell, say } = progress(to);
    tell(half);
    say("resumes");
    tell(done);
    expect(to.printed).toEqual([
      "\r\u001b[K1 of 5  hdp-1: 2 of 2 installed, 0 of 1 running; STARTING N",
      "\r\u001b[K",
      "resumes\n",
      "\r\u001b[K5 of 5  hdp-1: 2 of 2 installed, 1 of 1 running | hdp-2: 3 ",
    ]);
  });
});

describe("answers", () => {
  let server: Server;
  let statuses: number[];
  const lines: string[] = [];

  beforeEach(async () => {
    lines.length = 0;
    server = createServer((_, response) => {
      const status = statuses.shift() ?? 200;
      response.writeHead(status).end(JSON.stringify({ message: `it says ${status}` }));
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  });

  afterEach(() => new Promise((closed) => server.close(closed)));

  const api = (open?: () => Promise<never>): Ambari =>
    new Ambari({
      open: open ?? (async () => connect({ host: "127.0.0.1", port: (server.address() as AddressInfo).port })),
      user: "admin",
      password: "the-password",
      answerMs: 20_000,
      pauseMs: 1,
      say: (line) => lines.push(line),
      signal: new AbortController().signal,
      where: "Ambari on hdp-1:8080",
      look: "look there",
    });

  it("are waited for while the server starts", async () => {
    statuses = [503, 500];
    expect((await api().get("/hosts")).status).toBe(200);
    expect(lines).toEqual(["waits for Ambari on hdp-1:8080: it says 503 (0 s of 20 s at most)"]);
  });

  it("to wishes are no answers while it starts, and a refusal is one", async () => {
    statuses = [503];
    await expect(api().tell("POST", "/clusters/batch", "{}")).rejects.toThrow(Unanswered);
    statuses = [500];
    expect((await api().tell("POST", "/clusters/batch", "{}")).status).toBe(500);
  });

  it("that are another than a list are told, with Ambari's words", async () => {
    statuses = [404];
    await expect(api().list("/clusters/batch/hosts?fields=x", String)).rejects.toThrow(
      "Ambari on hdp-1:8080: GET /clusters/batch/hosts was answered with 404\n  it says 404\n  try: look there",
    );
  });

  it("never come through a tunnel that is forbidden: that is not waited for", async () => {
    const error = await api(() => Promise.reject(new SshRefused("forward", "administratively prohibited")))
      .get("/hosts")
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HookError);
    expect((error as HookError).message).toBe(`Ambari on hdp-1:8080: no way there: administratively prohibited
  allowed: sshd on that host permits a tunnel to its own localhost and this port (PermitOpen)
  try: look there`);
  });
});
