import { images, loginKey, platform, specs } from "../../../../ops/doctor/checks/platform";
import type { Answer } from "../../../../ops/platform";
import { saidBy } from "../context";

const row = (list: string, items: readonly object[]): Answer => ({ kind: "row", row: { [list]: items } });
const FAILED: Answer = { kind: "failed", message: "READING ERROR: too many requests" };
const NOT_TOLD = "the platform refuses the question: READING ERROR: too many requests";

const image = (name: string, hypervisor_type = "KVM"): object => ({ name, hypervisor_type });
const HOSTS = "hosts.proxy-1.image, hosts.sync-1.image";
const TRY = "another image that this tool knows (pipeline/images.ts)";

const aboutImages = (...all: object[]) => saidBy(images, { answers: { images: row("image_number_list", all) } });

it("an image is offered once, for its hypervisor", async () => {
  expect(await aboutImages(image("ubuntu-22.04-base"), image("ubuntu-22.04-base", "XEN"))).toEqual([
    { severity: "ok", place: HOSTS, found: "ubuntu-22.04-base is offered" },
  ]);
});

it.each([
  ["not at all", [image("rocky-8.10-base")], "ubuntu-22.04-base is not offered", "rocky-8.10-base"],
  [
    "twice",
    [image("ubuntu-22.04-base"), image("ubuntu-22.04-base")],
    "2 images are named ubuntu-22.04-base",
    "ubuntu-22.04-base",
  ],
  [
    "for the wrong hypervisor",
    [image("ubuntu-22.04-base", "XEN"), image("ubuntu-20.04-base"), image("rocky-8.10-base")],
    "ubuntu-22.04-base is offered for XEN only",
    "rocky-8.10-base, ubuntu-20.04-base",
  ],
])("an image that is offered %s is an error", async (_, all, found, allowed) => {
  expect(await aboutImages(...all)).toEqual([
    { severity: "error", place: HOSTS, found, allowed: `one KVM image: ${allowed}`, try: TRY },
  ]);
});

const SPECS = "hosts.proxy-1.spec, hosts.sync-1.spec";
const spec = (server_spec_code: string, hypervisor_type: string | null = "KVM"): object => ({
  server_spec_code,
  hypervisor_type,
});
const aboutSpecs = (...all: object[]) => saidBy(specs, { answers: { specs: row("server_spec_list", all) } });

it.each([["KVM"], [""], [null]])("a spec is offered for the hypervisor %j", async (hypervisor) => {
  expect(await aboutSpecs(spec("s2-g3", hypervisor))).toEqual([
    { severity: "ok", place: SPECS, found: "s2-g3 is offered" },
  ]);
});

it.each([
  [[spec("c2-g3"), spec("s4-g3")], "s2-g3 is not offered", "c2-g3, s4-g3"],
  [[spec("s2-g3", "XEN")], "s2-g3 is offered for XEN, and the image is for KVM", "none"],
])("a spec that does not fit is an error: %j", async (all, found, allowed) => {
  expect(await aboutSpecs(...all)).toEqual([{ severity: "error", place: SPECS, found, allowed, try: "another spec" }]);
});

it("a login key must be registered", async () => {
  const about = (...keys: string[]) =>
    saidBy(loginKey, {
      answers: {
        keys: row(
          "login_key_list",
          keys.map((key_name) => ({ key_name })),
        ),
      },
    });
  expect(await about("other", "aws2ncp")).toEqual([
    { severity: "ok", place: "platform.login_key", found: "aws2ncp is registered" },
  ]);
  const missing = (allowed: string) => [
    {
      severity: "error",
      place: "platform.login_key",
      found: "aws2ncp is not registered",
      allowed,
      try: "make it on the console (Server > Login key), never with Terraform: the state would hold its private half",
    },
  ];
  expect(await about("theirs", "other")).toEqual(missing("other, theirs"));
  // ncloud 4.0.5 fails where an account has none at all.
  expect(await saidBy(loginKey, { answers: { keys: { kind: "none" } } })).toEqual(missing("none"));
});

it("a refused question leaves all unknown, and is the platform's own error", async () => {
  for (const [check, key, place] of [
    [images, "images", HOSTS],
    [specs, "specs", SPECS],
    [loginKey, "keys", "platform.login_key"],
  ] as const)
    expect(await saidBy(check, { answers: { [key]: FAILED } })).toEqual([
      { severity: "unknown", place, found: NOT_TOLD },
    ]);
  expect(await saidBy(platform, { answers: { keys: FAILED } })).toEqual([
    { severity: "error", place: "platform.region KR", found: "READING ERROR: too many requests" },
  ]);
});

it("an answer, even of nothing, means that the platform can be asked", async () => {
  expect(await saidBy(platform, { answers: { keys: { kind: "none" } } })).toEqual([
    { severity: "ok", place: "platform.region KR", found: "the platform answers this machine's credentials" },
  ]);
});
