/** What a hook delivers beside the files: hosts, roles, variables, versions of secrets. */
import type { Manifest } from "../../pipeline/manifest";
import { maskChanges } from "../input/sensitive";
import type { AttributeChange, Json } from "../report";
import { difference } from "../values/difference";

/** Lists whose order means nothing. Roles have one: they run in it. */
const SETS = /^hosts\.[^.]+\.vars\.(deliver_folders|deliver_prune)$/;

/** Changes of the manifest, but for its files, which are compared one by one. Where a secret is found is left out: only its version is shown. */
export function deliveryChanges(before: Manifest | undefined, after: Manifest | undefined): AttributeChange[] {
  return maskChanges(difference(shownOf(before), shownOf(after), { isSet: (path) => SETS.test(path) }));
}

function shownOf(manifest: Manifest | undefined): Json | undefined {
  if (manifest === undefined) return undefined;
  const { hosts, secrets, version: _, root: __, ...rest } = manifest;
  return JSON.parse(
    JSON.stringify({
      ...rest,
      secrets: Object.fromEntries(secrets.map(({ name, version }) => [name, version])),
      hosts: Object.fromEntries(
        hosts.map(({ name, files: _files, secretFiles: _secretFiles, ...host }) => [name, host]),
      ),
    }),
  ) as Json;
}
