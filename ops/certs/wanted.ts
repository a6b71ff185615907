/** Which certificates a pipeline needs, and which of its secrets come from which file of the certificate folder. */
import type { Wanted } from "../../authority/store";
import type { Plan, SecretName } from "../../pipeline/plan-types";

/** Port A's certificate carries the names of all proxies: each can stand in for the other. */
const SERVER = "proxy";

/** The server certificate of port A, and a client certificate for each sync host. */
export function wantedOf(plan: Plan): Wanted[] {
  const proxies = plan.hosts.filter(({ role }) => role === "proxy");
  const clients = plan.hosts.filter(({ role }) => role === "sync");
  return [
    {
      name: SERVER,
      cn: (proxies[0] as Plan["hosts"][0]).fqdn,
      use: "server",
      names: proxies.flatMap(({ fqdn, address }) => [`DNS:${fqdn}`, `IP:${address}`]),
    },
    // squid knows a client by this name: `acl … user_cert CN`.
    ...clients.map(({ name }): Wanted => ({ name, cn: name, use: "client", names: [`DNS:${name}`] })),
  ];
}

/** Secrets that hold the content of a file of the folder. */
export function secretsFrom(file: string): SecretName[] {
  switch (file) {
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
