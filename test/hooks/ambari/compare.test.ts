/** A cluster that is there: hosts that the pipeline file adds, and what can't be made in place. */
import { blueprintNameOf } from "../../../pipeline/hadoop/render";
import { cluster, nodes } from "../../fixtures/cluster";
import { errorOf, StandIn } from "./stand-in";

jest.setTimeout(60_000);

const spec = cluster();
const hosts = spec.nodes.map(({ fqdn }) => fqdn);
const [first] = hosts as [string];

let ambari: StandIn;

beforeEach(async () => {
  ambari = await StandIn.start();
  ambari.hosts = [...hosts];
  ambari.agents.register(...hosts);
});

afterEach(() => ambari.stop());

describe("hosts that the pipeline file adds", () => {
  const more = cluster("hdp-3.1", { nodes: nodes(5) });
  const [fourth, fifth] = more.nodes.slice(3).map(({ fqdn }) => fqdn) as [string, string];

  const numbers = (of: typeof spec) => Object.fromEntries(of.nodes.map(({ fqdn }, at) => [fqdn, String(1003 + at)]));

  it("are added as workers, by the blueprint that made the cluster", async () => {
    await ambari.make(spec);
    ambari.calls.length = 0;
    ambari.hosts.push(fourth, fifth);
    ambari.agents.register(fourth, fifth);
    let body = "";
    ambari.spy = (call, request) => {
      if (call === "POST /clusters/batch/hosts") body = request.body ?? "";
    };
    expect(await ambari.make(more, { servers: { now: numbers(more), before: numbers(spec) } })).toEqual({
      changed: true,
    });
    expect([ambari.states(), ambari.writes()]).toEqual([
      { INSTALLED: 40, STARTED: 29 },
      ["POST /clusters/batch/hosts"],
    ]);
    expect(JSON.parse(body)).toEqual(
      [fourth, fifth].map((host_name) => ({
        blueprint: blueprintNameOf(spec),
        host_group: "workers",
        host_name,
      })),
    );
    expect(ambari.lines).toContain(`adds ${fourth} (workers), ${fifth} (workers)`);
    ambari.calls.length = 0;
    expect(await ambari.make(more)).toEqual({ changed: false });
    expect(ambari.writes()).toEqual([]);
  });

  it("are added once, when the answer is lost", async () => {
    await ambari.make(spec);
    ambari.calls.length = 0;
    ambari.hosts.push(fourth, fifth);
    ambari.agents.register(fourth, fifth);
    ambari.spy = (call) => {
      if (call === "POST /clusters/batch/hosts") ambari.cut();
    };
    await ambari.make(more);
    expect([ambari.states(), ambari.writes()]).toEqual([
      { INSTALLED: 40, STARTED: 29 },
      ["POST /clusters/batch/hosts"],
    ]);
  });
});

describe("what can't be made in place is refused, and nothing is changed", () => {
  beforeEach(async () => {
    ambari.hosts.push("hdp-4.aws2ncp.internal");
    ambari.agents.register("hdp-4.aws2ncp.internal");
    await ambari.make(cluster("hdp-3.1", { nodes: nodes(4) }));
    ambari.calls.length = 0;
  });

  it.each([
    [
      "a host removed",
      spec,
      "hdp-4.aws2ncp.internal is in the cluster and not in the pipeline file: decommission and delete it in Ambari first",
    ],
    [
      "a master replaced by another host",
      cluster("hdp-3.1", {
        nodes: nodes(4).map((node, index) => (index === 1 ? { ...node, fqdn: "hdp-9.aws2ncp.internal" } : node)),
      }),
      "hdp-9.aws2ncp.internal of group master2 is not in the cluster: only workers can be added",
    ],
    ["another layout", cluster("hdp-3.1", { nodes: nodes(4), layout: "ha" }), `JOURNALNODE is not on ${first}`],
    [
      "other packages",
      cluster("hdp-3.1", { nodes: nodes(4), repository: { ...spec.repository, version: "3.1.4.0-315" } }),
      "HDP 3.1.4.0-315 is not registered: an upgrade is made in Ambari > Stack and Versions",
    ],
    [
      "another configuration",
      cluster("hdp-3.1", { nodes: nodes(4), objectStorage: { ...spec.objectStorage, host: "other.ncp.test" } }),
      "core-site/fs.s3a.endpoint: kr.object.private.ncp.test in the cluster, other.ncp.test in the pipeline file",
    ],
    [
      "workers of another size",
      cluster("hdp-3.1", { nodes: [...nodes(3), { ...nodes(4)[3]!, spec: "m16-g3" }] }),
      expect.stringMatching(
        /^group workers: yarn-site\/yarn\.nodemanager\.resource\.memory-mb: \d+ in the cluster, \d+ in the pipeline file$/,
      ),
    ],
  ])("%s", async (_, wanted, line) => {
    const { headline, details, next } = await errorOf(ambari.make(wanted));
    expect(headline).toBe(
      "batch: the cluster is another one than the pipeline file's, and Ambari can't apply a blueprint twice; nothing was changed",
    );
    expect(details).toContainEqual(line);
    expect(next).toBe(
      "make the same change in Ambari, or undo it in the pipeline file, then run: npx cdktf deploy batch-cluster",
    );
    expect(ambari.writes()).toEqual([]);
  });

  it("until the same change was made in Ambari", async () => {
    const state = ambari.store.model.state.clusters["batch"]!;
    const host = "other.ncp.test";
    const changed = JSON.parse(JSON.stringify(state.blueprint).replace("kr.object.private.ncp.test", host));
    Object.assign(state.blueprint as object, changed);
    ambari.store.save();
    await ambari.restart();
    ambari.agents.work(...ambari.hosts);
    const wanted = cluster("hdp-3.1", { nodes: nodes(4), objectStorage: { ...spec.objectStorage, host } });
    expect(await ambari.make(wanted)).toEqual({ changed: false });
    expect(await ambari.make(cluster("hdp-3.1", { nodes: nodes(4) }))).toEqual({ changed: false });
    expect(ambari.lines).toContain(
      "changed in Ambari: core-site/fs.s3a.endpoint: other.ncp.test in the cluster, kr.object.private.ncp.test in the pipeline file",
    );
    expect(ambari.writes()).toEqual([]);
  });
});
