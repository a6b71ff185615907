/** Secrets: each reference can be read and has its shape, and the deploy's key is the first operator's. */
import { utils } from "ssh2";
import type { OperatorPlan } from "../../../pipeline/plan-types";
import type { Check, Said } from "../types";

export const secretPlace = (name: string): string => `secrets.${name}.from`;

export const secrets: Check = {
  name: "secrets",
  about: "every reference can be read, and what it gives has the right shape",
  needs: [],
  deadlineMs: 90_000,
  run: async ({ plan, secrets: read }) => {
    const { problems } = await read();
    const wrong = problems.map(({ path, message, allowed, hint }): Said => ({
      severity: "error",
      place: path.join("."),
      found: message,
      ...(allowed === undefined ? {} : { allowed }),
      ...(hint === undefined ? {} : { try: hint }),
    }));
    const right = plan.secrets
      .filter(({ name }) => !wrong.some(({ place }) => place === secretPlace(name)))
      .map(({ name }): Said => ({ severity: "ok", place: secretPlace(name), found: "can be read, and has its shape" }));
    return [...wrong, ...right];
  },
};

/** Said where a check can't look since its secret is missing: that itself is told by the check `secrets`. */
export const unreadable = (name: string): Said => ({
  severity: "unknown",
  place: secretPlace(name),
  found: "not looked at: the secret is missing or has no good shape",
  try: "npx aws2ncp doctor --only secrets",
});

/** The blob of an authorized_keys line: what identifies a key. */
const blobOf = (line: string): string => line.split(" ")[1] ?? "";

function compared(value: string, operator: OperatorPlan): Said {
  const place = secretPlace("deploy_ssh_key");
  const key = utils.parseKey(`${value}\n`);
  const allowed = "a private key without a passphrase";
  if (key instanceof Error) {
    const found = /encrypted/i.test(key.message)
      ? "holds a key with a passphrase"
      : "holds a private key that can't be read";
    return {
      severity: "error",
      place,
      found,
      allowed,
      try: "ssh-keygen -p -N '' -f FILE, on a copy that only the deploy reads",
    };
  }
  if (key.getPublicSSH().toString("base64") === blobOf(operator.publicKey))
    return { severity: "ok", place, found: `is the private half of operator ${operator.name}'s key` };
  return {
    severity: "error",
    place,
    found: `is not the private half of the public key of operator ${operator.name}, the first one`,
    meaning: "hosts would be made that the deploy can't log in to",
    allowed: `the private key of ${operator.publicKey.split(" ")[0]} ${blobOf(operator.publicKey).slice(0, 16)}…${blobOf(operator.publicKey).slice(-8)}`,
    try: "correct operators.0.public_key_file or the secret; ssh-keygen -y -f FILE tells a private key's public half",
  };
}

export const deployKey: Check = {
  name: "deploy-key",
  about: "the deploy's ssh key is the first operator's",
  needs: [],
  run: async ({ plan, secrets: read }) => {
    const value = (await read()).values.get("deploy_ssh_key");
    if (value === undefined) return [unreadable("deploy_ssh_key")];
    return [compared(value, plan.operators[0] as OperatorPlan)];
  },
};
