/** Counts in squid's access log: `%tl %tr %>a %lp %Ss/%03>Hs … %rm %ru …`, one line per request. */

export interface SquidCounts {
  /** Tunnels that were opened. */
  readonly connects: number;
  /** Requests refused by an access rule. */
  readonly denied: number;
}

const FIELDS = /\s(\w+)\/(\d{3})\s(?:.*?\s)??(CONNECT|[A-Z]+|-)\s/;

export function squidCounts(log: string): SquidCounts {
  let [connects, denied] = [0, 0];
  for (const line of log.split("\n")) {
    const [, status, code, method] = FIELDS.exec(line) ?? [];
    if (status?.includes("DENIED") === true) denied++;
    else if (method === "CONNECT" && code === "200") connects++;
  }
  return { connects, denied };
}
