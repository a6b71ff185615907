/** What the platform loses. */
import { handlerOf } from "../../../sandbox/cloud/kind";
import { realMachinery } from "../../../sandbox/cloud/machinery";
import { Platform } from "../../../sandbox/cloud/platform";
import { KIND, type Server } from "../../../sandbox/cloud/records";
import { server as serverKind } from "../../../sandbox/cloud/server";
import { sandboxPath } from "../../../sandbox/paths";

/** A server with its own disk; volumes that were attached stay. The next deploy makes another one. */
export async function loseServer(name: string): Promise<void> {
  const platform = new Platform(sandboxPath("cloud"), realMachinery());
  const found = platform.store.list<Server>(KIND.server).find((each) => each.name === name) as Server;
  platform.store.put<Server>(KIND.server, { ...found, protected: false });
  await handlerOf(serverKind, platform).remove({ id: found.id });
}
