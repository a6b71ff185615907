/**
 * The process around a provider: the handshake that hashicorp/go-plugin expects on stdout, a gRPC server on a socket with
 * mutual TLS, and an orderly end.
 */
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server, ServerCredentials, type ServiceError, status, type UntypedHandleCall } from "@grpc/grpc-js";
import { selfSigned } from "./certificate";
import { log } from "./log";
import { type Message, serviceOf } from "./protocol";

/** What go-plugin puts into a plugin's environment; without it somebody has started this by hand. */
const COOKIE = {
  name: "TF_PLUGIN_MAGIC_COOKIE",
  value: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
};

/** Versions: of go-plugin's handshake, and of Terraform's protocol (6 for nested attributes). */
const VERSIONS = "1|6";

const PARENT_CHECK_MS = 500;

export type Call = (request: Message) => Promise<Message>;

/** Serves until Terraform says so, or is gone. A call that is being answered is always answered first. */
export async function serve(calls: Readonly<Record<string, Call>>): Promise<void> {
  if (process.env[COOKIE.name] !== COOKIE.value) {
    process.stderr.write("This is a Terraform provider: Terraform starts it.\n  try: npx aws2ncp sandbox up\n");
    process.exit(1);
  }
  process.on("SIGINT", () => undefined); // Ctrl-C goes to Terraform, which stops its providers in its own order
  const folder = mkdtempSync(join(tmpdir(), "stand-in-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  const working = new Set<Promise<unknown>>();
  const end = (): void => void Promise.allSettled(working).then(() => process.exit(0));
  process.on("SIGTERM", end);
  server.addService(serviceOf("tfplugin6.Provider"), handlers(calls, working));
  server.addService(serviceOf("plugin.GRPCController"), {
    Shutdown: (_: unknown, answer: (error: null, message: Message) => void) => {
      answer(null, {});
      setImmediate(end); // else every command of Terraform waits two seconds for this process
    },
  });

  const socket = join(folder, "socket");
  const { credentials, certificate } = secured();
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${socket}`, credentials, (error) => (error === null ? resolve() : reject(error)));
  });
  process.stdout.write(`${VERSIONS}|unix|${socket}|grpc|${certificate}\n`);
  endWithParent(end);
}

/** Terraform knows this process by the certificate in the handshake, and shows its own. */
function secured(): { credentials: ServerCredentials; certificate: string } {
  const client = process.env["PLUGIN_CLIENT_CERT"];
  if (client === undefined) return { credentials: ServerCredentials.createInsecure(), certificate: "" };
  const { key, pem, der } = selfSigned();
  const pair = { private_key: Buffer.from(key), cert_chain: Buffer.from(pem) };
  const ca = Buffer.from(new X509Certificate(client).toString());
  return {
    credentials: ServerCredentials.createSsl(ca, [pair], true),
    certificate: der.toString("base64").replace(/=+$/, ""),
  };
}

function handlers(
  calls: Readonly<Record<string, Call>>,
  working: Set<Promise<unknown>>,
): Record<string, UntypedHandleCall> {
  type Answer = (error: Partial<ServiceError> | null, message?: Message) => void;
  const handler =
    (name: string, call: Call) =>
    ({ request }: { request: Message }, answer: Answer) => {
      const work = call(request).then(
        (message) => answer(null, message),
        (error: Error) => {
          log("error", `${name}: ${error.stack ?? error.message}`);
          answer({ code: status.INTERNAL, details: `${name}: ${error.message}` });
        },
      );
      working.add(work);
      void work.finally(() => working.delete(work));
    };
  return Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, handler(name, call)])) as Record<
    string,
    UntypedHandleCall
  >;
}

/** A killed Terraform stops nothing: what is being made is finished, as on a real platform, and nobody knows of it. */
function endWithParent(end: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    end();
  }, PARENT_CHECK_MS);
  timer.unref();
}
