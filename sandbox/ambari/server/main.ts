/**
 * The stand-in's server as a program: the service `ambari-server` on the host where a pipeline has Ambari.
 * Exit codes: 0 ended by a signal, 2 wrong use.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { issueLeaf, makeAuthority, type Pair } from "../../../authority/x509";
import { startServer } from "./http";
import { openStore } from "./store";

const USAGE = `Plays ambari-server in the rehearsal: REST on one port (admin/admin until that is changed), agents over TLS on another.

  node main.js [--state FOLDER] [--port 8080] [--agents-port 8441] [--address 0.0.0.0]

  FOLDER, /var/lib/ambari-server unless given, keeps everything it knows, and the certificate of the agents' port.`;

const OPTIONS = {
  state: { type: "string", default: "/var/lib/ambari-server" },
  port: { type: "string", default: "8080" },
  "agents-port": { type: "string", default: "8441" },
  address: { type: "string", default: "0.0.0.0" },
  help: { type: "boolean", default: false },
} as const;

/** Made at the first start, as the real one makes its own. */
async function certificateIn(folder: string): Promise<Pair> {
  const file = join(folder, "agents-certificate.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Pair;
  const cn = hostname();
  const pair = await issueLeaf(await makeAuthority("ambari-server"), { cn, use: "server", names: [`DNS:${cn}`] });
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify(pair), { mode: 0o600 });
  return pair;
}

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: OPTIONS });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const server = await startServer({
    store: openStore(join(values.state, "state.json")),
    address: values.address,
    port: Number(values.port),
    agentPort: Number(values["agents-port"]),
    certificate: await certificateIn(values.state),
  });
  process.stdout.write(`REST on ${values.address}:${server.port}, agents on ${server.agentPort}\n`);
  for (const name of ["SIGINT", "SIGTERM"] as const)
    process.once(name, () => void server.close().then(() => process.exit(0)));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
  process.exit(2);
});
