/** The company's delivery stream, running: `node feeder.js BUCKET PREFIX` adds the objects of each minute as it ends. */
import { setTimeout as sleep } from "node:timers/promises";
import { EventLog, isLive } from "./feed";

const MINUTE = 60_000;
/** After the full minute: this much later than the buffer's end, as a real stream is. */
const DELAY = 3_000;

const stop = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort());

const say = (text: string): void => console.log(`${new Date().toISOString()} ${text}`);

async function main(bucket: string, prefix: string): Promise<void> {
  let log: EventLog | undefined;
  // A sandbox that is gone takes this program with it, even when its pid file went first.
  while (!stop.signal.aborted && isLive()) {
    try {
      log ??= await EventLog.open({ bucket, prefix });
      const fed = await log.catchUp(Date.now());
      if (fed.uploaded > 0) say(`${fed.uploaded} objects, ${fed.bytes} bytes`);
    } catch (error) {
      // The store may be restarted under it: what is missing now is uploaded in the next round.
      say(`this round failed, the next one is in a minute: ${(error as Error).message}`);
    }
    const next = Math.ceil((Date.now() - DELAY + 1) / MINUTE) * MINUTE + DELAY;
    await sleep(next - Date.now(), undefined, { signal: stop.signal }).catch(() => undefined);
  }
  log?.close();
}

const [bucket, prefix] = process.argv.slice(2);
if (bucket === undefined || prefix === undefined) {
  console.error("usage: node feeder.js BUCKET PREFIX   (for example: node feeder.js company-event-log event_log/)");
  process.exit(2);
}
void main(bucket, prefix);
