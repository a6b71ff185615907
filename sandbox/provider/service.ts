/** Terraform's calls (tfplugin6), answered for any cloud. */
import type { Cloud, Plain, ResourceHandler } from "./cloud";
import { attributePath, type Diagnostic, diagnosticOf, MadeInPart, type Problem } from "./diagnostics";
import { log } from "./log";
import { type Behaviour, planChange, settle } from "./plan";
import type { Message } from "./protocol";
import { type Member, membersOf, same } from "./schema";
import { schemaMessage } from "./schema-message";
import type { Call } from "./serve";
import { type Attributes, decodeValue, encodeValue, isObject, knownPart, Unknown, type Value } from "./values";

/** All calls by name; those that are left out answer "unimplemented", which Terraform expects of an older provider. */
export function callsOf(cloud: Cloud): Record<string, Call> {
  return new Service(cloud).calls();
}

class Service {
  constructor(private readonly cloud: Cloud) {}

  calls(): Record<string, Call> {
    const answered: Record<string, (request: Message) => Message | Promise<Message>> = {
      GetProviderSchema: () => schemaMessage(this.cloud.schema),
      ValidateProviderConfig: () => ({}),
      ConfigureProvider: ({ config }) => reported("provider", this.cloud.configure(plain(object(config)))),
      ValidateResourceConfig: (request) => this.validate(request),
      ValidateDataResourceConfig: () => ({}),
      UpgradeResourceState: ({ raw_state: state }) => ({ upgraded_state: { json: (state as Message)["json"] } }),
      ReadResource: (request) => this.read(request),
      PlanResourceChange: (request) => this.plan(request),
      ApplyResourceChange: (request) => this.apply(request),
      ImportResourceState: (request) => this.import(request),
      ReadDataSource: (request) => this.readData(request),
      GetFunctions: () => ({}),
      StopProvider: () => ({}), // what is under way is finished: half-made servers help nobody
    };
    const wrap =
      (answer: (request: Message) => Message | Promise<Message>): Call =>
      async (request) =>
        answer(request);
    return Object.fromEntries(Object.entries(answered).map(([name, answer]) => [name, wrap(answer)]));
  }

  private members(type: string): readonly Member[] {
    return membersOf(this.cloud.schema.resource_schemas[type]?.block ?? {});
  }

  private handler(type: string): ResourceHandler {
    const handler = this.cloud.resource(type);
    if ("refusal" in handler) throw new Error(handler.refusal);
    return handler;
  }

  private validate(request: Message): Message {
    const type = typeOf(request);
    return reported(type, this.cloud.check(type, object(request["config"])));
  }

  private async read(request: Message): Promise<Message> {
    const type = typeOf(request);
    return answering(type, async () => {
      const state = object(request["current_state"]);
      const found = await this.handler(type).read(plain(state));
      return {
        new_state: dynamic(
          found === undefined ? null : normal(this.members(type), { ...state, ...(found as Attributes) }),
        ),
        private: request["private"],
      };
    });
  }

  private async plan(request: Message): Promise<Message> {
    const type = typeOf(request);
    return answering(type, () => {
      const proposed = decoded(request["proposed_new_state"]);
      const rest = {
        planned_private: request["prior_private"],
        legacy_type_system: !this.cloud.behaviour(type).framework,
      };
      if (proposed === null) return { planned_state: dynamic(null), ...rest };
      const handler = this.handler(type);
      const prior = decoded(request["prior_state"]) as Attributes | null;
      const { state, replacing } = planChange({
        members: this.members(type),
        behaviour: this.cloud.behaviour(type),
        prior,
        proposed: proposed as Attributes,
        config: object(request["config"]),
      });
      const before = prior === null ? undefined : plain(prior);
      // Nothing to do, or asked again as a creation: Terraform plans a replacement twice.
      const settled = before !== undefined && (state === prior || replacing.length > 0);
      const problems = settled ? [] : (handler.problems?.(plain(state), before) ?? []);
      return {
        planned_state: dynamic(state),
        requires_replace: replacing.map(attributePath),
        ...reported(type, problems),
        ...rest,
      };
    });
  }

  private async apply(request: Message): Promise<Message> {
    const type = typeOf(request);
    const members = this.members(type);
    const behaviour = this.cloud.behaviour(type);
    const prior = decoded(request["prior_state"]) as Attributes | null;
    const planned = decoded(request["planned_state"]) as Attributes | null;
    const rest = { private: request["planned_private"], legacy_type_system: !behaviour.framework };
    try {
      const made = (await this.change(type, prior, planned)) as Attributes;
      const open = planned === null ? null : opened(members, behaviour, planned, object(request["config"]), made);
      return { new_state: dynamic(open === null ? null : settle(members, open, made)), ...rest };
    } catch (error) {
      const kept = error instanceof MadeInPart && planned !== null ? tryToSettle(members, planned, error) : prior;
      return { new_state: dynamic(kept), diagnostics: [failure(type, error as Error)], ...rest };
    }
  }

  private async change(type: string, prior: Attributes | null, planned: Attributes | null): Promise<Plain> {
    const handler = this.handler(type);
    if (prior === null) return handler.create(plain(planned as Attributes));
    if (planned === null) {
      await handler.remove(plain(prior));
      return {};
    }
    this.refuseWhatIsNeverSent(type, prior, planned);
    return handler.update(plain(prior), plain(planned));
  }

  private refuseWhatIsNeverSent(type: string, prior: Attributes, planned: Attributes): void {
    const never = this.cloud.neverSent(type);
    const changed = this.members(type)
      .filter((member) => never.includes(member.name) && !same([member], prior, planned))
      .map(({ name }) => name);
    if (changed.length === 0) return;
    throw new Error(
      `${changed.join(", ")} can't be changed in place\n  the real provider accepts it, sends nothing, and plans it again after every apply\n` +
        `  try: replace the resource on this change (lifecycle replace_triggered_by, or terraform apply -replace)`,
    );
  }

  private async import(request: Message): Promise<Message> {
    const [type, id] = [typeOf(request), request["id"] as string];
    return answering(type, async () => {
      const handler = this.handler(type);
      if (handler.find === undefined) throw new Error(`can't be imported: the real provider has no import for it`);
      const found = await handler.find(id);
      if (found === undefined) throw new Error(`there is none with the import id "${id}"`);
      const state = normal(this.members(type), found as Attributes);
      return { imported_resources: [{ type_name: type, state: dynamic(state) }] };
    });
  }

  private async readData(request: Message): Promise<Message> {
    const type = typeOf(request);
    return answering(`data.${type}`, async () => {
      const handler = this.cloud.data(type);
      if ("refusal" in handler) throw new Error(handler.refusal);
      const config = object(request["config"]);
      const found = await handler.read(plain(config));
      const members = membersOf(this.cloud.schema.data_source_schemas[type]?.block ?? {});
      return { state: dynamic(normal(members, { ...config, ...(found as Attributes) })) };
    });
  }
}

const typeOf = (request: Message): string => String(request["type_name"]);

/** Terraform sends values as MessagePack; an absent one is null. */
function decoded(message: unknown): Value {
  const bytes = (message as { msgpack?: Uint8Array } | undefined)?.msgpack;
  return bytes === undefined || bytes.length === 0 ? null : decodeValue(bytes);
}

function object(message: unknown): Attributes {
  const value = decoded(message);
  return isObject(value) ? value : {};
}

const dynamic = (value: Value): Message => ({ msgpack: encodeValue(value) });

const plain = (attributes: Attributes): Plain => knownPart(attributes) as Plain;

/** Exactly the members of the schema, in every object below as well; what is not there is null, or no blocks. */
function normal(members: readonly Member[], value: Attributes): Attributes {
  const inner = (member: Member, item: Value | undefined): Value => {
    if (item === undefined || item === null)
      return member.block && ["list", "set"].includes(member.nesting ?? "") ? [] : null;
    if (member.members.length === 0) return item;
    if (Array.isArray(item))
      return item.map((element) => (isObject(element) ? normal(member.members, element) : element));
    return isObject(item) && member.nesting !== "map" ? normal(member.members, item) : item;
  };
  return Object.fromEntries(members.map((member) => [member.name, inner(member, value[member.name])]));
}

function reported(where: string, problems: readonly Problem[]): { diagnostics?: Diagnostic[] } {
  return problems.length === 0 ? {} : { diagnostics: problems.map((problem) => diagnosticOf(problem, where)) };
}

function failure(where: string, error: Error): Diagnostic {
  log("debug", `${where}: ${error.stack ?? error.message}`);
  return diagnosticOf(error, where);
}

async function answering(where: string, answer: () => Message | Promise<Message>): Promise<Message> {
  try {
    return await answer();
  } catch (error) {
    return { diagnostics: [failure(where, error as Error)] };
  }
}

/**
 * SDKv2 plans the old value of what nobody wrote, and Terraform lets such a provider answer another one: a new spec brings
 * another number of CPUs.
 */
function opened(
  members: readonly Member[],
  { framework, keptBlocks = [] }: Behaviour,
  planned: Attributes,
  config: Attributes,
  made: Attributes,
): Attributes {
  if (framework) return planned;
  const theirs = members.filter(({ name, computed }) => {
    const written = config[name] ?? null;
    const free = keptBlocks.includes(name)
      ? Array.isArray(written) && written.length === 0
      : computed && written === null;
    return free && made[name] !== undefined;
  });
  return { ...planned, ...Object.fromEntries(theirs.map(({ name }) => [name, new Unknown()])) };
}

function tryToSettle(members: readonly Member[], planned: Attributes, error: MadeInPart): Attributes | null {
  try {
    return settle(members, planned, error.attributes as Attributes);
  } catch {
    return null;
  }
}
