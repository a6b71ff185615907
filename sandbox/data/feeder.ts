/** The company's systems, running: `node feeder.js PLACES` adds the objects of its logs as they are written. */
import { setTimeout as sleep } from "node:timers/promises";
import { isLive, Log, type LogPlace } from "./feed";

const MINUTE = 60_000;
/** After the full minute: this much later than the buffer's end, as a real stream is. */
const DELAY = 3_000;

const stop = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort());

const say = (text: string): void => console.log(`${new Date().toISOString()} ${text}`);

async function main(places: readonly LogPlace[]): Promise<void> {
  const logs = new Map<LogPlace, Log>();
  // A sandbox that is gone takes this program with it, even when its pid file went first.
  while (!stop.signal.aborted && isLive()) {
    for (const place of places)
      try {
        const log = logs.get(place) ?? (await Log.open(place));
        logs.set(place, log);
        const fed = await log.catchUp(Date.now());
        if (fed.uploaded > 0) say(`${place.bucket}: ${fed.uploaded} objects, ${fed.bytes} bytes`);
      } catch (error) {
        // The store may be restarted under it: what is missing now is uploaded in the next round.
        say(`${place.bucket}: this round failed, the next one is in a minute: ${(error as Error).message}`);
      }
    const next = Math.ceil((Date.now() - DELAY + 1) / MINUTE) * MINUTE + DELAY;
    await sleep(next - Date.now(), undefined, { signal: stop.signal }).catch(() => undefined);
  }
  for (const log of logs.values()) log.close();
}

const [places] = process.argv.slice(2);
if (places === undefined) {
  console.error('usage: node feeder.js \'[{"layout":…,"bucket":…,"prefix":…,"zone":…}, …]\'');
  process.exit(2);
}
void main(JSON.parse(places) as LogPlace[]);
