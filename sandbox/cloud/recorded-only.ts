/** Types of which nothing is played but the record: created, read and deleted as wished, with an id and nothing made up. */
import type { Plain, ResourceHandler } from "../provider/cloud";
import type { StoredObject } from "../provider/store";
import { handlerOf } from "./kind";
import type { Platform } from "./platform";

interface Recorded extends StoredObject {
  readonly attributes: Plain;
}

export function recordedOnly(type: string, platform: Platform): ResourceHandler {
  return handlerOf<Recorded>(
    {
      type,
      attributes: ({ id, attributes }) => ({ ...attributes, id }),
      claim: (wanted, id) => ({ id, attributes: wanted }),
      change: (record, wanted) => ({ ...record, attributes: wanted }),
    },
    platform,
  );
}
