/**
 * Providers that run once for many commands of Terraform, which is told where they listen instead of starting them anew three times
 * for each plan. What they answer is the same; how Terraform starts and ends them is for tests that don't use this.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { boundProvider } from "../../../sandbox/cloud/aws/bindings";

export type CloudName = "ncloud" | "aws";

const ADDRESSES: Readonly<Record<CloudName, string>> = {
  ncloud: "registry.terraform.io/navercloudplatform/ncloud",
  aws: boundProvider().address,
};

/** go-plugin's cookie: without it a provider says that it was started by hand, and ends. */
const COOKIE = { TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2" };

export class ServedProviders {
  private constructor(
    private readonly children: readonly ChildProcess[],
    /** What Terraform has to be told. */
    readonly env: Readonly<Record<string, string>>,
  ) {}

  /** Starts the clouds' providers with a program and an environment, and waits until they listen. */
  static async start(program: string, clouds: readonly CloudName[], env: NodeJS.ProcessEnv): Promise<ServedProviders> {
    const started = clouds.map((cloud) => {
      const stdio = ["ignore", "pipe", "ignore"] as const; // what it logs Terraform would keep, too
      return {
        cloud,
        child: spawn(process.execPath, [program, cloud], { env: { ...env, ...COOKIE }, stdio: [...stdio] }),
      };
    });
    const sockets = await Promise.all(started.map(({ child }) => socketOf(child)));
    const reattach = started.map(({ cloud, child }, index) => [
      ADDRESSES[cloud],
      {
        Protocol: "grpc",
        ProtocolVersion: 6,
        Pid: child.pid,
        Test: true, // Terraform leaves it running
        Addr: { Network: "unix", String: sockets[index] },
      },
    ]);
    const told = { TF_REATTACH_PROVIDERS: JSON.stringify(Object.fromEntries(reattach)) };
    return new ServedProviders(
      started.map(({ child }) => child),
      told,
    );
  }

  stop(): void {
    this.children.forEach((child) => child.kill());
  }
}

/** From the handshake, "1|6|unix|SOCKET|grpc|". */
function socketOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (said.includes("\n")) resolve(said.split("|")[3] as string);
    });
    child.once("exit", (code) => reject(new Error(`a provider ended with ${code} before it listened`)));
  });
}
