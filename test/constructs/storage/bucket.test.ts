import { Bucket } from "../../../constructs/storage/bucket";
import { countsOf, onlyResource, synthOf } from "../synth";

const synth = synthOf((stack) => void new Bucket(stack, "event_log", { name: "aws2ncp-event-log" }));

it("is private from the first apply", () => {
  expect(onlyResource(synth, "ncloud_objectstorage_bucket_acl")).toEqual({
    bucket_name: "${ncloud_objectstorage_bucket.event_log.bucket_name}",
    rule: "private",
  });
});

it("is protected", () => {
  expect(onlyResource(synth, "ncloud_objectstorage_bucket")).toEqual({
    bucket_name: "aws2ncp-event-log",
    lifecycle: { prevent_destroy: true },
  });
});

it("is a bucket and its ACL, and reads no creation date (ncloud 4.0.5: its format drifts)", () => {
  expect(countsOf(synth)).toEqual({ ncloud_objectstorage_bucket: 1, ncloud_objectstorage_bucket_acl: 1 });
  expect(JSON.stringify(synth)).not.toContain("creation_date");
});
