/** Agents of the stand-in without processes: they do at once what they are told. */
import { answerAgent, type AgentAnswer } from "../../../sandbox/ambari/agents";
import type { Report } from "../../../sandbox/ambari/cluster";
import type { AmbariModel } from "../../../sandbox/ambari/model";

/** What a command of a component on a host comes to. */
export type Outcome = (host: string, component: string, command: "INSTALL" | "START") => Partial<Report> | undefined;

export class Agents {
  readonly done: string[] = [];
  private readonly definitions = new Map<string, AgentAnswer["definition"]>();

  constructor(
    private readonly model: () => AmbariModel,
    public outcome: Outcome = () => undefined,
  ) {}

  register(...hosts: string[]): void {
    for (const host of hosts) answerAgent(this.model(), "/agent/register", { host });
  }

  /** Each of these hosts' agents asks, does what it is told, and tells it. @returns how many commands there were */
  work(...hosts: string[]): number {
    return hosts.reduce((sum, host) => sum + this.workOn(host), 0);
  }

  definitionOf(host: string): AgentAnswer["definition"] {
    return this.definitions.get(host);
  }

  private workOn(host: string): number {
    const { registered, commands } = this.beat(host, []);
    if (!registered) {
      this.register(host);
      return this.workOn(host);
    }
    const reports = commands.map(({ task, component, command }) => {
      this.done.push(`${command} ${component} ${host}`);
      const { exitCode = 0, stdout = "", stderr = "" } = this.outcome(host, component, command) ?? {};
      return { task, exit_code: exitCode, stdout, stderr };
    });
    if (reports.length > 0) this.beat(host, reports);
    return commands.length;
  }

  private beat(host: string, reports: object[]): AgentAnswer {
    const answer = answerAgent(this.model(), "/agent/heartbeat", {
      host,
      definition: this.definitions.get(host)?.hash ?? "",
      working: [],
      reports,
      alive: {},
    });
    if (answer?.definition !== undefined) this.definitions.set(host, answer.definition);
    return answer!;
  }
}
