/** The sandbox's object storages, as its other parts use them. */
export {
  type ClientOptions,
  hashBucket,
  listObjects,
  lookup,
  type ObjectHash,
  type ObjectInfo,
  s3Client,
} from "./client";
export { ACCOUNTS, storageDown, storageUp, type Which } from "./servers";
export { countByKind, requestsFor, type RequestKind, type S3Request } from "./requests";
