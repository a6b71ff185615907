/** The table of checks, in the order in which they are told. A new check is a row here, and nothing else changes. */
import { STATE_CHECKS } from "../state/checks";
import { awsArchive } from "./aws/archive";
import { awsBuckets } from "./aws/buckets";
import { awsKeys } from "./aws/keys";
import { awsLifecycle } from "./aws/lifecycle";
import { buckets } from "./checks/buckets";
import { certificates } from "./checks/certificates";
import { clock } from "./checks/clock";
import { names } from "./checks/names";
import { images, loginKey, platform, specs } from "./checks/platform";
import { programs } from "./checks/programs";
import { quotas } from "./checks/quotas";
import { reachability } from "./checks/reachability";
import { deployKey, secrets } from "./checks/secrets";
import type { Check } from "./types";

export const CHECKS: readonly Check[] = [
  programs,
  secrets,
  deployKey,
  certificates,
  clock,
  reachability,
  ...STATE_CHECKS,
  platform,
  images,
  specs,
  loginKey,
  names,
  buckets,
  quotas,
  awsBuckets(),
  awsKeys(),
  awsArchive(),
  awsLifecycle(),
];
