/** The repository of Ambari's packages, with its login and the key that signs what is in it. */
import type { ClusterPlan, SecretName } from "../../pipeline/plan-types";
import { renderTemplate } from "./render-engine";
import type { Job, Scope, SecretSpec } from "./render-types";

/** The cluster that the host is a node of. */
export function clusterOf({ plan, host }: Scope): ClusterPlan {
  if (plan.cluster === undefined) throw new Error(`${host.name}: the plan has no cluster for it`);
  return plan.cluster;
}

/** Hosts of the cluster's repositories that are reached over TLS: the login goes to no other. */
const loginHosts = ({ ambariRepository, spec }: ClusterPlan): string[] => {
  const urls = [ambariRepository, ...Object.values(spec.repository.baseUrls)].map((url) => new URL(url));
  return [...new Set(urls.filter(({ protocol }) => protocol === "https:").map(({ host }) => host))].sort();
};

const loginParts = (before: string, between: string): SecretSpec["parts"] => [
  { text: before },
  { secret: "repository_user" },
  { text: between },
  { secret: "repository_password" },
  { text: "\n" },
];

/**
 * A login is in a file of root's alone: apt's goes by the host's name, so it serves the sources too that Ambari's agents write;
 * dnf's is in the repository's own file.
 */
export function ambariRepositoryJob(scope: Scope): Job {
  const { source, template, login, key, notify } = scope.platform.ambari;
  const has = (name: SecretName): boolean => scope.plan.secrets.some((secret) => secret.name === name);
  const [signed, logsIn] = [has("repository_key"), has("repository_user")];
  const context = { key: key.path, signed };
  const plain = { path: source, template, context, notify };
  const text = (): string => renderTemplate(`roles/ambari_repository/templates/${template}`, { ...scope, ...context });
  const hosts = logsIn ? loginHosts(clusterOf(scope)) : [];
  const asRoot: SecretSpec[] =
    hosts.length === 0
      ? []
      : login === undefined
        ? [{ path: source, parts: loginParts(`${text()}username=`, "\npassword="), notify }]
        : [
            {
              path: login,
              parts: hosts.flatMap((host) => loginParts(`machine ${host}\nlogin `, "\npassword ")),
              notify,
            },
          ];
  const keys: SecretSpec[] = signed ? [{ ...key, parts: [{ secret: "repository_key" }], notify }] : [];
  // Prune goes by the names of plain files: named here while they are wanted, secrets would be removed after each delivery.
  const unwanted = [...(hosts.length === 0 && login !== undefined ? [login] : []), ...(signed ? [] : [key.path])];
  return {
    files: asRoot.some(({ path }) => path === source) ? [] : [plain],
    secretFiles: [...asRoot, ...keys],
    prune: unwanted.map((path) => ({
      folder: path.slice(0, path.lastIndexOf("/")),
      pattern: path.slice(path.lastIndexOf("/") + 1),
    })),
  };
}
