/** What can't be made again goes by two consents only; the first is a name in cdktf.json. */
import { Bucket } from "../../constructs/storage/bucket";
import { examplePlan } from "../fixtures/plan";
import { onlyResource, resourcesOf, synthOf, synthStacks } from "./synth";

const bucket = (retire?: unknown) =>
  onlyResource(
    synthOf((stack) => void new Bucket(stack, "event_log", { name: "aws2ncp-event-log" }), {
      context: retire === undefined ? {} : { retire },
    }),
    "ncloud_objectstorage_bucket",
  );

it("protects what nobody has named", () => {
  expect(bucket()["lifecycle"]).toEqual({ prevent_destroy: true });
  expect(bucket([])["lifecycle"]).toEqual({ prevent_destroy: true });
});

it("protects what only shares the beginning of a name with the retired", () => {
  expect(bucket(["test/event", "event_log"])["lifecycle"]).toEqual({ prevent_destroy: true });
});

it("lifts the protection of what is named", () => {
  expect(bucket(["test/event_log"])["lifecycle"]).toEqual({});
});

it("refuses a list that is none, saying where it stands and what is allowed", () => {
  expect(() => bucket("test/event_log")).toThrow(
    /cdktf\.json: context\.retire: "test\/event_log" is no list of construct paths\n {2}allowed: paths such as/,
  );
});

it("lifts Terraform's and the platform's protection of a host and its parts, and of no other host", () => {
  const { transfer } = synthStacks(examplePlan(), { context: { retire: ["transfer/sync-1"] } });
  const { "sync-1_server": sync, "proxy-1_server": proxy } = resourcesOf(transfer, "ncloud_server");
  expect(sync).toMatchObject({ is_protect_server_termination: false });
  expect(sync?.["lifecycle"]).not.toHaveProperty("prevent_destroy");
  expect(onlyResource(transfer, "ncloud_block_storage")).toMatchObject({ return_protection: false });
  expect(proxy).toMatchObject({ is_protect_server_termination: true, lifecycle: { prevent_destroy: true } });
  expect(onlyResource(transfer, "ncloud_public_ip")["lifecycle"]).toEqual({ prevent_destroy: true });
});

it("retires a server and keeps its volume", () => {
  const { transfer } = synthStacks(examplePlan(), { context: { retire: ["transfer/sync-1/server"] } });
  expect(onlyResource(transfer, "ncloud_block_storage")).toMatchObject({
    return_protection: true,
    lifecycle: { prevent_destroy: true },
  });
});
