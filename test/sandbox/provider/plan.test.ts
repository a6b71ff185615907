import { type Behaviour, ContradictsPlan, planChange, settle } from "../../../sandbox/provider/plan";
import { membersOf } from "../../../sandbox/provider/schema";
import { type Attributes, Unknown } from "../../../sandbox/provider/values";

const UNKNOWN = new Unknown();

/** A type with everything that planning has to tell apart. */
const members = membersOf({
  attributes: {
    id: { type: "string", computed: true },
    name: { type: "string", optional: true, computed: true },
    size: { type: "number", required: true },
    mode: { type: "string", optional: true },
    rules: { type: ["set", ["object", { port: "string", note: "string" }]], optional: true },
    grants: {
      nested_type: { nesting_mode: "list", attributes: { who: { type: "string", computed: true } } },
      computed: true,
    },
  },
  block_types: {
    nic: {
      nesting_mode: "list",
      block: {
        attributes: { order: { type: "number", required: true }, address: { type: "string", computed: true } },
      },
    },
  },
});

const behaviour = (more: Partial<Behaviour> & { replacing?: string[] } = {}): Behaviour => ({
  framework: false,
  defaultOf: (path) => ({ mode: "fast", "rules.note": "" })[path],
  replaces: (path) => (more.replacing ?? []).includes(path),
  remembers: (path) => path === "id",
  ...more,
});

/** What Terraform proposes when nothing but the size is written. */
const nothing: Attributes = { id: null, name: null, size: 1, mode: null, rules: null, grants: null, nic: [] };
const prior: Attributes = {
  ...nothing,
  id: "7",
  name: "given",
  mode: "fast",
  grants: [{ who: "all" }],
  nic: [{ order: 0, address: "10.0.0.6" }],
};
const nicWritten = { ...nothing, nic: [{ order: 0, address: null }] };

const plan = (proposed: Attributes, config: Attributes, b = behaviour(), before: Attributes | null = prior) =>
  planChange({ members, behaviour: b, prior: before, proposed, config });

describe("at creation", () => {
  it("what only the platform knows is unknown, in blocks too; what has a default has it", () => {
    const rules = [{ port: "22", note: null }];
    const proposed = { ...nicWritten, rules };
    expect(plan(proposed, proposed, behaviour(), null)).toEqual({
      state: {
        id: UNKNOWN,
        name: UNKNOWN,
        size: 1,
        mode: "fast",
        rules: [{ port: "22", note: "" }],
        grants: UNKNOWN,
        nic: [{ order: 0, address: UNKNOWN }],
      },
      replacing: [],
    });
  });
});

describe("at a change", () => {
  it("nothing changes when only an order inside a set differs, after defaults", () => {
    const before = {
      ...prior,
      rules: [
        { port: "22", note: "" },
        { port: "80", note: "web" },
      ],
    };
    const proposed = {
      ...before,
      rules: [
        { port: "80", note: "web" },
        { port: "22", note: null },
      ],
    };
    expect(plan(proposed, proposed, behaviour(), before)).toEqual({ state: before, replacing: [] });
  });

  it("SDKv2 remembers what the platform decided", () => {
    const proposed = { ...prior, size: 2 };
    expect(plan(proposed, nicWritten)).toEqual({ state: { ...prior, size: 2 }, replacing: [] });
  });

  it("the framework forgets what nobody wrote, unless it is told to keep it, and that replaces", () => {
    const proposed = { ...prior, size: 2 };
    const b = behaviour({ framework: true, replacing: ["name"] });
    expect(plan(proposed, nicWritten, b)).toEqual({
      state: { ...prior, size: 2, name: UNKNOWN, grants: UNKNOWN, nic: [{ order: 0, address: UNKNOWN }] },
      replacing: [["name"]],
    });
    expect(plan(proposed, { ...nicWritten, name: "given" }, b).replacing).toEqual([]);
  });

  it("only paths that change replace: an element, by its place", () => {
    const b = behaviour({ replacing: ["size", "nic.order"] });
    const more = [...(prior["nic"] as Attributes[]), { order: 1, address: null }];
    const { state, replacing } = plan({ ...prior, nic: more }, { ...nothing, nic: more }, b);
    expect(replacing).toEqual([["nic", 1, "order"]]);
    expect(state["nic"]).toEqual([
      { order: 0, address: "10.0.0.6" },
      { order: 1, address: UNKNOWN },
    ]);
  });

  it("a value that is not known yet counts as another one", () => {
    const proposed = { ...prior, size: UNKNOWN };
    expect(plan(proposed, proposed, behaviour({ replacing: ["size"] })).replacing).toEqual([["size"]]);
  });

  it("blocks that the provider keeps stay when the configuration has none left", () => {
    const proposed = { ...prior, nic: [] };
    expect(plan(proposed, nothing, behaviour({ keptBlocks: ["nic"] }))).toEqual({ state: prior, replacing: [] });
    expect(plan(proposed, nothing, behaviour()).state["nic"]).toEqual([]);
  });
});

describe("after an apply", () => {
  const planned = { ...nicWritten, id: UNKNOWN, name: UNKNOWN, grants: UNKNOWN, nic: [{ order: 0, address: UNKNOWN }] };

  it("what was unknown is what the platform decided, or null: nothing is made up", () => {
    const made = { id: "7", nic: [{ order: 0, address: "10.0.0.6" }] };
    expect(settle(members, planned, made)).toEqual({ ...nothing, id: "7", nic: [{ order: 0, address: "10.0.0.6" }] });
  });

  it("a handler that made something else than was planned is caught", () => {
    expect(() => settle(members, planned, { size: 2 })).toThrow(new ContradictsPlan("size: planned 1, made 2"));
    expect(() => settle(members, planned, { nic: [{ order: 1, address: "10.0.0.6" }] })).toThrow(
      new ContradictsPlan("nic[0].order: planned 0, made 1"),
    );
  });
});
