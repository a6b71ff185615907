/** IAM as its administrator left it, and what Terraform adds: policies and who has them. Recorded only: nothing enforces them. */
import { Refused } from "../../provider/diagnostics";
import { ObjectStore, type StoredObject } from "../../provider/store";
import { type Kind, required, text } from "../kind";
import { taken, type Platform } from "../platform";

/** An account that nobody has. */
export const ACCOUNT = "000000000000";

export const USER = "aws_iam_user";
const POLICY = "aws_iam_policy";
const ATTACHMENT = "aws_iam_user_policy_attachment";

/** Id: its name. */
export type User = StoredObject;

/** Id: its ARN. */
interface Policy extends StoredObject {
  readonly name: string;
  readonly path: string;
  readonly number: string;
  readonly policy: string;
  readonly description: string | null;
  readonly tags: unknown;
}

/** Id: USER/ARN, which is what an import takes. */
interface Attachment extends StoredObject {
  readonly user: string;
  readonly policyArn: string;
}

/** Makes the user as an administrator would; its key is one of the sandbox's secrets. */
export function registerUser(folder: string, name: string): void {
  new ObjectStore(folder).put<User>(USER, { id: name });
}

export function userNamed(platform: Platform, name: string): User {
  const user = platform.store.get<User>(USER, name);
  if (user !== undefined) return user;
  throw new Refused(
    `NoSuchEntity: The user with name ${name} cannot be found.\n  try: aws iam create-user --user-name ${name} (docs/source.md); ` +
      "here: npx aws2ncp sandbox up",
  );
}

const attachmentsOf = (platform: Platform, arn: string): Attachment[] =>
  platform.store.list<Attachment>(ATTACHMENT).filter(({ policyArn }) => policyArn === arn);

export const policy: Kind<Policy> = {
  type: POLICY,
  attributes: ({ id, name, path, number, policy: document, description, tags }, platform) => ({
    id,
    arn: id,
    name,
    name_prefix: "",
    path,
    policy: document,
    policy_id: `sandbox-${number}`,
    description,
    attachment_count: attachmentsOf(platform, id).length,
    tags,
    tags_all: tags ?? {},
  }),
  claim: (wanted, number, { store }) => {
    const name = required(wanted, "name");
    const path = required(wanted, "path");
    const id = `arn:aws:iam::${ACCOUNT}:policy${path}${name}`;
    const other = store.get<Policy>(POLICY, id);
    if (other !== undefined) throw taken(POLICY, name, other);
    return { id, name, path, number, ...mutable(wanted), description: text(wanted, "description") ?? null };
  },
  change: (record, wanted) => ({ ...record, ...mutable(wanted) }),
  mayGo: ({ id }, platform) => {
    const users = attachmentsOf(platform, id).map(({ user }) => user);
    if (users.length > 0)
      throw new Refused(
        `DeleteConflict: Cannot delete a policy attached to entities.\n  attached to: ${users.join(", ")}`,
      );
  },
};

const mutable = (wanted: Readonly<Record<string, unknown>>) => ({
  policy: required(wanted, "policy"),
  tags: wanted["tags"] ?? null,
});

export const attachment: Kind<Attachment> = {
  type: ATTACHMENT,
  attributes: ({ id, user, policyArn }) => ({ id, user, policy_arn: policyArn }),
  claim: (wanted, _, platform) => {
    const user = userNamed(platform, required(wanted, "user")).id;
    const policyArn = required(wanted, "policy_arn");
    if (platform.store.get<Policy>(POLICY, policyArn) === undefined)
      throw new Refused(`NoSuchEntity: Policy ${policyArn} does not exist or is not attachable.`, ["policy_arn"]);
    return { id: `${user}/${policyArn}`, user, policyArn };
  },
};
