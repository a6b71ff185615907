/** The table of checks. A new check is a row here, and nothing else changes. */
import { awsArchive } from "./aws-archive";
import { awsBuckets } from "./aws-buckets";
import { awsKeys } from "./aws-keys";
import { awsLifecycle } from "./aws-lifecycle";
import type { Check } from "./types";

export const CHECKS: readonly Check[] = [awsBuckets(), awsKeys(), awsArchive(), awsLifecycle()];
