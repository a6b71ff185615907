/** Hosts that a deploy talks to from this machine, and how they are reached: by HTTPS, verified or only asked for the time. */
import { existsSync, readFileSync } from "node:fs";
import { lookup as systemLookup } from "node:dns/promises";
import { request } from "node:https";
import { isIPv4 } from "node:net";
import { rootCertificates, type TLSSocket } from "node:tls";
import type { Plan } from "../../pipeline/plan-types";
import { addressOf as sandboxAddress } from "../../sandbox/network/addresses";
import type { DoctorContext } from "./types";

export interface Endpoint {
  /** "AWS S3" */
  readonly name: string;
  /** Where the pipeline file, or the environment, names it. */
  readonly place: string;
  readonly host: string;
  readonly port: number;
}

/** The platform's API by site (ncloud 4.0.5: `site` sets it for gov and fin; for public NCLOUD_API_GW may). */
const API_HOSTS: Readonly<Record<Plan["platform"]["site"], string>> = {
  public: "ncloud.apigw.ntruss.com",
  gov: "ncloud.apigw.gov-ntruss.com",
  fin: "fin-ncloud.apigw.fin-ntruss.com",
};

/** Nothing in a rehearsal: there the provider itself plays the platform, and no packet may leave for the real one. */
export function platformApi({ site }: Plan["platform"], env: NodeJS.ProcessEnv): Endpoint | undefined {
  const gateway = site === "public" ? env["NCLOUD_API_GW"] : undefined;
  if (gateway === undefined || gateway === "") {
    if (env["AWS2NCP_SANDBOX"] !== undefined) return undefined;
    return { name: "the platform's API", place: "platform.site", host: API_HOSTS[site], port: 443 };
  }
  const { hostname, port } = new URL(gateway);
  return { name: "the platform's API", place: "NCLOUD_API_GW", host: hostname, port: port === "" ? 443 : Number(port) };
}

export const sourceEndpoint = ({ source }: Plan): Endpoint => ({
  name: "AWS S3",
  place: "source.host",
  host: source.host,
  port: 443,
});

export const stateEndpoint = ({ remoteState }: Plan): Endpoint | undefined =>
  remoteState === undefined
    ? undefined
    : { name: "Object Storage with the states", place: "state.remote.host", host: remoteState.host, port: 443 };

/** Every HTTPS endpoint that this machine can be asked to reach. */
export function endpointsOf(plan: Plan, env: NodeJS.ProcessEnv): Endpoint[] {
  const all = [platformApi(plan.platform, env), stateEndpoint(plan), sourceEndpoint(plan)];
  return all.flatMap((endpoint) => endpoint ?? []);
}

/**
 * An IPv4 address of a host. The names of a rehearsal are known to its own resolver, which this machine does not use; no other
 * name is asked for there.
 */
export async function addressOf(host: string, env: NodeJS.ProcessEnv): Promise<string> {
  if (isIPv4(host)) return host;
  if (env["AWS2NCP_SANDBOX"] === undefined) return (await systemLookup(host, 4)).address;
  const played = sandboxAddress(host);
  if (played === undefined) throw Object.assign(new Error(`${host} is no name of the sandbox`), { code: "ENOTFOUND" });
  return played;
}

/** Authorities that a deploy trusts beside the public ones: the pipeline's own, and those of Terraform's backend. */
export async function trustOf({ secrets, env }: Pick<DoctorContext, "secrets" | "env">): Promise<{ alsoBy: string }> {
  const bundle = (await secrets()).values.get("trust_bundle") ?? "";
  const file = env["AWS_CA_BUNDLE"] ?? "";
  return { alsoBy: [bundle, file !== "" && existsSync(file) ? readFileSync(file, "utf8") : ""].join("\n").trim() };
}

export interface HttpsAnswer {
  readonly status: number;
  /** Header `Date`, milliseconds since 1970. */
  readonly date?: number;
  /** By this machine's clock: when it was asked, and when the answer's head was there. */
  readonly asked: number;
  readonly answered: number;
  /** This machine's address on that connection. */
  readonly localAddress?: string;
}

export interface HttpsOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly path?: string;
  /** PEM of authorities trusted beside the public ones. "anyone": nothing is sent and nothing but the head of the answer is read. */
  readonly trust: { readonly alsoBy: string } | "anyone";
}

const ANSWER_MS = 10_000;

/** HEAD of a host. @throws with the reason, when nobody answers or the certificate is not trusted */
export async function head(
  { host, port }: Pick<Endpoint, "host" | "port">,
  options: HttpsOptions,
): Promise<HttpsAnswer> {
  const address = await addressOf(host, options.env);
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(ANSWER_MS)]);
  return new Promise((done, fail) => {
    const asked = Date.now();
    const call = request(
      {
        method: "HEAD",
        host: address,
        port,
        path: options.path ?? "/",
        headers: { Host: port === 443 ? host : `${host}:${port}` },
        ...(isIPv4(host) ? {} : { servername: host }),
        agent: false,
        signal,
        ...(options.trust === "anyone"
          ? { rejectUnauthorized: false }
          : { ca: [...rootCertificates, options.trust.alsoBy].filter((pem) => pem !== "") }),
      },
      (answer) => {
        const date = Date.parse(answer.headers.date ?? "");
        const { localAddress } = answer.socket as TLSSocket;
        answer.destroy();
        done({
          status: answer.statusCode ?? 0,
          asked,
          answered: Date.now(),
          ...(Number.isNaN(date) ? {} : { date }),
          ...(localAddress === undefined ? {} : { localAddress }),
        });
      },
    );
    call.on("error", (error) =>
      fail(signal.aborted && !options.signal.aborted ? new Error("no answer within 10 s") : error),
    );
    call.end();
  });
}

/** What Node says of a connection that failed, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Readonly<Record<string, string>> = {
    ENOTFOUND: "its name is not known to this machine's resolver",
    EAI_AGAIN: "this machine's resolver does not answer",
    ECONNREFUSED: "the connection is refused",
    ETIMEDOUT: "no answer",
    EHOSTUNREACH: "no route to it",
    ENETUNREACH: "no route to it",
    CERT_HAS_EXPIRED: "its certificate has expired",
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is signed by nobody who is trusted here",
    SELF_SIGNED_CERT_IN_CHAIN: "its certificate is signed by nobody who is trusted here",
    DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is signed by nobody who is trusted here",
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate is signed by nobody who is trusted here",
    ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is made out to other names",
  };
  return words[code ?? ""] ?? message;
}
