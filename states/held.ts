/**
 * Bodies that are sent half, and to their end only when all of them are under way: several requests are then inside a service at the
 * same time, however quick it is and however slow the machine that asks.
 */
import { Readable } from "node:stream";

export interface HeldBody {
  readonly stream: Readable;
  /** Length of the whole body. */
  readonly bytes: number;
  /** Told when the request has ended, whatever became of it: one that was answered early is waited for no longer. */
  readonly done: () => void;
}

export interface Holding {
  /** Milliseconds between the last body that came under way and the release of all: the service is to see every request. */
  readonly moment: number;
  /** Milliseconds after which all are released at the latest: a service may take one connection after the other. */
  readonly longest: number;
}

/**
 * More than Node.js keeps back of a request that has no connection yet (64 KiB since Node 22): it asks for the second half only
 * when the headers and the first half have gone out.
 */
const HALF = 80 * 1024;

/** One body for each of the texts, which fill it up to its length; told apart by `isBodyOf`. */
export function heldTogether(texts: readonly string[], holding: Holding): HeldBody[] {
  const gate = new Gate(texts.length, holding);
  return texts.map((text) => {
    const bytes = filled(text);
    const comes = gate.ticket();
    return { stream: inHalves(bytes, comes, gate.opened), bytes: bytes.length, done: comes };
  });
}

/** Whether an object is the body that was made of this text, whole. */
export const isBodyOf = (text: string, object: Buffer | undefined): boolean => object?.equals(filled(text)) === true;

const filled = (text: string): Buffer => Buffer.alloc(2 * HALF, `${text}\n`);

/** Without a buffer of its own: it is read again when the request wants more, not before. */
function inHalves(bytes: Buffer, comes: () => void, opened: Promise<void>): Readable {
  let part = 0;
  const parts = [
    // Not within the call that asks: what is pushed there counts as buffered, and more is asked for at once.
    () => setImmediate(() => stream.push(bytes.subarray(0, HALF))),
    () => {
      comes();
      void opened.then(() => {
        stream.push(bytes.subarray(HALF));
        stream.push(null);
      });
    },
  ];
  const stream: Readable = new Readable({ highWaterMark: 0, read: () => parts[part++]?.() });
  return stream;
}

/** Opens a moment after all have come, or after the longest wait. */
class Gate {
  readonly opened: Promise<void>;
  private open!: () => void;
  private readonly last: NodeJS.Timeout;

  constructor(
    private missing: number,
    private readonly holding: Holding,
  ) {
    this.opened = new Promise((resolve) => (this.open = resolve));
    this.last = setTimeout(this.open, holding.longest);
  }

  /** What one of them calls when it comes; more than once counts once. */
  ticket(): () => void {
    let here = false;
    return () => {
      if (here) return;
      here = true;
      if (--this.missing > 0) return;
      clearTimeout(this.last);
      setTimeout(this.open, this.holding.moment);
    };
  }
}
