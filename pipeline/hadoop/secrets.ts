/**
 * Secrets in rendered files: `{"secret": "hive_db_password"}` stands where Ambari takes a string. The rendered files hold
 * names only; the hook fills the values into a request body, in memory, and posts that.
 */
export interface SecretPlaceholder {
  readonly secret: string;
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function isSecret(value: unknown): value is SecretPlaceholder {
  return isMap(value) && Object.keys(value).length === 1 && typeof value["secret"] === "string";
}

/** Names of all secrets that a document asks for, sorted. */
export function secretsIn(document: unknown): string[] {
  if (isSecret(document)) return [document.secret];
  if (typeof document !== "object" || document === null) return [];
  return [...new Set(Object.values(document).flatMap(secretsIn))].sort();
}

/**
 * A copy of a document with every placeholder's value filled in.
 * @throws Error if a secret has no value, or an empty one: Ambari would take its stack's default instead.
 */
export function fillSecrets(document: unknown, valueOf: (name: string) => string | undefined): unknown {
  if (isSecret(document)) {
    const value = valueOf(document.secret);
    if (value === undefined || value === "") throw new Error(`secret ${document.secret} has no value`);
    return value;
  }
  if (Array.isArray(document)) return document.map((item) => fillSecrets(item, valueOf));
  if (!isMap(document)) return document;
  return Object.fromEntries(Object.entries(document).map(([key, value]) => [key, fillSecrets(value, valueOf)]));
}
