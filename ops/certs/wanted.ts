/** Which certificates a pipeline needs, and which of its secrets come from which file of the certificate folder. */
import type { Wanted } from "../../authority/store";
import type { Plan, SecretName } from "../../pipeline/plan-types";

/** Port A's certificate carries the names of all proxies: each can stand in for the other. */
const SERVER = "proxy";

/** One certificate for all hosts of a role, by its name: each of them is reached by its own name. */
const OF_ROLES = { hdp: ["hdp_tls_cert", "hdp_tls_key"], presto: ["presto_tls_cert", "presto_tls_key"] } as const;
type Several = keyof typeof OF_ROLES;

/**
 * By which Presto's nodes know each other: no CA's, so that nothing that a CA issues passes for a node. No login has a name with a
 * blank, so a node is nobody's login either.
 */
const NODES = { name: "presto-node", cn: "presto nodes", use: "self", names: [] } as const satisfies Wanted;

/** The server certificate of port A, a client certificate for each sync host, and one for the hosts of each further role. */
export function wantedOf(plan: Plan): Wanted[] {
  const proxies = plan.hosts.filter(({ role }) => role === "proxy");
  const clients = plan.hosts.filter(({ role }) => role === "sync");
  const several = (Object.keys(OF_ROLES) as Several[]).flatMap((role): Wanted[] => {
    const hosts = plan.hosts.filter((host) => host.role === role);
    const [first] = hosts;
    if (first === undefined) return [];
    return [{ name: role, cn: first.fqdn, use: "server", names: hosts.map(({ fqdn }) => `DNS:${fqdn}`) }];
  });
  return [
    {
      name: SERVER,
      cn: (proxies[0] as Plan["hosts"][0]).fqdn,
      use: "server",
      names: proxies.flatMap(({ fqdn, address }) => [`DNS:${fqdn}`, `IP:${address}`]),
    },
    // squid knows a client by this name: `acl … user_cert CN`.
    ...clients.map(({ name }): Wanted => ({ name, cn: name, use: "client", names: [`DNS:${name}`] })),
    ...several,
    ...(plan.hosts.some(({ role }) => role === "presto") ? [NODES] : []),
  ];
}

/** Secrets that hold the content of a file of the folder. */
export function secretsFrom(file: string): SecretName[] {
  const [role = "", kind] = file.split(".");
  if (role in OF_ROLES && (kind === "crt" || kind === "key")) {
    const [certificate, key] = OF_ROLES[role as Several];
    return [kind === "crt" ? certificate : key];
  }
  switch (file) {
    case `${NODES.name}.crt`:
      return ["presto_node_cert"];
    case `${NODES.name}.key`:
      return ["presto_node_key"];
    case "ca.crt":
      return ["proxy_client_ca", "trust_bundle"];
    case "crl.pem":
      return ["proxy_client_crl"];
    case `${SERVER}.crt`:
      return ["proxy_tls_cert"];
    case `${SERVER}.key`:
      return ["proxy_tls_key"];
    default:
      return file.endsWith(".key") ? ["sync_client_key"] : ["sync_client_cert"];
  }
}
