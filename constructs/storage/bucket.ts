import { Construct } from "constructs";
import { ObjectstorageBucket } from "@cdktf/provider-ncloud/lib/objectstorage-bucket";
import { ObjectstorageBucketAcl } from "@cdktf/provider-ncloud/lib/objectstorage-bucket-acl";
import { protectedLifecycle } from "../protection";

export interface BucketProps {
  /** Unique across all customers of the platform; 3 to 63 characters, no dots. A change makes another bucket. */
  readonly name: string;
}

/**
 * A private bucket that survives its stack. Its destruction takes two consents: one that lifts the protection (see
 * `protection.ts`), and one of whoever empties it, since the platform destroys no bucket with objects and ncloud 4.0.5 has no
 * force_destroy. The ACL resource does nothing when destroyed, so a bucket never turns public by its removal.
 */
export class Bucket extends Construct {
  readonly bucketName: string;

  constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id);
    // Nothing may read creation_date: its format changes after the first refresh (ncloud 4.0.5).
    const bucket = new ObjectstorageBucket(this, "Default", {
      bucketName: props.name,
      lifecycle: protectedLifecycle(this),
    });
    this.bucketName = bucket.bucketName;
    new ObjectstorageBucketAcl(this, "acl", { bucketName: bucket.bucketName, rule: "private" });
  }
}
