/** What a run of Ansible said about one host, from the lines of the callback plugin. */

/** A line of callback_plugins/aws2ncp_events.py. */
export type AnsibleEvent =
  | { readonly event: "start"; readonly host: string; readonly task: string }
  | {
      readonly event: "ok";
      readonly host: string;
      readonly task: string;
      readonly seconds: number;
      readonly changed: boolean;
      readonly files: readonly string[];
    }
  | {
      readonly event: "failed";
      readonly host: string;
      readonly task: string;
      readonly seconds: number;
      readonly reason: string;
      readonly ignored: boolean;
    }
  | {
      readonly event: "unreachable";
      readonly host: string;
      readonly task: string;
      readonly seconds: number;
      readonly reason: string;
    }
  | { readonly event: "skipped"; readonly host: string; readonly task: string; readonly seconds: number }
  | { readonly event: "none"; readonly reason: string }
  | {
      readonly event: "stats";
      readonly host: string;
      readonly ok: number;
      readonly changed: number;
      readonly failures: number;
      readonly unreachable: number;
      readonly skipped: number;
      readonly rescued: number;
      readonly ignored: number;
    };

export interface ChangedTask {
  /** "squid : Write squid's files" */
  readonly task: string;
  /** Files on the host that it changed; missing when it doesn't say (a package, a service, a secret). */
  readonly files?: readonly string[];
}

/** An event; nothing for a line that is something else. */
export function parseEvent(line: string): AnsibleEvent | undefined {
  if (!line.startsWith('{"event"')) return undefined;
  try {
    return JSON.parse(line) as AnsibleEvent;
  } catch {
    return undefined;
  }
}

/** Counts the events of one host's run. */
export class HostRun {
  tasks = 0;
  changed = 0;
  failed = 0;
  /** The task that runs now. */
  current = "";
  /** Ansible came to its end. */
  finished = false;
  readonly changedTasks: ChangedTask[] = [];
  failure: { readonly task: string; readonly reason: string } | undefined;

  /** @returns a line of progress, for events that deserve one. */
  take(event: AnsibleEvent): string | undefined {
    switch (event.event) {
      case "start":
        this.tasks++;
        this.current = event.task;
        return undefined;
      case "ok": {
        if (!event.changed) return undefined;
        this.changed++;
        this.changedTasks.push({ task: event.task, ...(event.files.length > 0 ? { files: event.files } : {}) });
        return `changed: ${event.task}${event.files.length > 0 ? ` (${event.files.join(", ")})` : ""}`;
      }
      case "failed":
        if (event.ignored) return undefined;
        this.failure = { task: event.task, reason: event.reason };
        return undefined;
      case "unreachable":
        this.failure = { task: event.task, reason: `the connection was lost: ${event.reason}` };
        return undefined;
      case "none":
        this.failure = { task: "", reason: event.reason };
        return undefined;
      case "stats":
        this.finished = true;
        this.changed = event.changed;
        this.failed = event.failures + event.unreachable;
        if (this.failed === 0) this.failure = undefined; // it was rescued
        return undefined;
      case "skipped":
        return undefined;
    }
  }
}
