/** A rendered text in which `<<NAME>>` stands for a secret, as the parts that the hook composes at delivery. */
import type { SecretFile } from "../../pipeline/manifest";
import { SECRET_NAMES, type SecretName } from "../../pipeline/plan-types";

const isSecret = (name: string): name is SecretName => (SECRET_NAMES as readonly string[]).includes(name);

/** @throws Error on a name that is no secret's */
export function secretParts(text: string): SecretFile["parts"] {
  return text.split(/<<(\w+)>>/).flatMap((part, index): SecretFile["parts"] => {
    if (index % 2 === 0) return part === "" ? [] : [{ text: part }];
    if (!isSecret(part)) throw new Error(`<<${part}>>: no such secret\n  allowed: ${SECRET_NAMES.join(", ")}`);
    return [{ secret: part }];
  });
}
