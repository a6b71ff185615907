/** Asks the platform for everything that a stack wants and its state does not have. */
import { replacingPaths } from "@cdktf/provider-ncloud/rules";
import type { Answer, Queries, Query } from "../platform";
import { addressesIn, resolved, UNKNOWN } from "./references";
import { OURS, ruleOf, type Lookup } from "./table";
import type { Attributes, Finding, StackView, Wanted } from "./types";

export type Ask = (queries: Queries) => Promise<Readonly<Record<string, Answer>>>;

const order = Object.keys(OURS);
/** Types of other stacks come last. */
const placeOf = (type: string): number => (order.includes(type) ? order.indexOf(type) : order.length);

/** @returns findings in the order of an import: what something belongs to comes before it */
export async function findOrphans(stack: StackView, ask: Ask): Promise<Finding[]> {
  const missing = stack.wanted
    .filter(({ address }) => !stack.state.has(address))
    .sort((a, b) => placeOf(a.type) - placeOf(b.type) || (a.address < b.address ? -1 : 1));
  const search = new Search(stack, missing);
  for (let questions = search.questions(); Object.keys(questions).length > 0; questions = search.questions())
    search.take(await ask(questions));
  search.judgeRest();
  const findings = [...search.findings, ...missing.flatMap((wanted) => unseen(stack.name, wanted, search.known))];
  return findings.sort((a, b) => placeOf(a.type) - placeOf(b.type));
}

/** What was asked and learned so far: what refers to something is judged only when that is known, or known to be missing. */
class Search {
  readonly findings: Finding[] = [];
  readonly known: Map<string, Attributes>;
  private readonly answers: Record<string, Answer> = {};
  private readonly asked = new Set<string>();
  private readonly sources: Map<string, Attributes>;
  private open: readonly Wanted[];

  constructor(
    private readonly stack: StackView,
    missing: readonly Wanted[],
  ) {
    this.known = new Map(stack.state);
    this.sources = dataFor(stack, missing);
    this.open = missing.filter(({ type }) => ruleOf(type).lookup !== undefined);
  }

  /** Everything that can be asked by now and was not yet. */
  questions(): Queries {
    const wanted = this.open.filter(({ address }) => !this.asked.has(address));
    const questions = [
      ...wanted.map((each) => [each.address, questionsFor(each, this.known)] as const),
      ...[...this.sources].map(([address, config]) => [address, dataQuestion(address, config, this.known)] as const),
    ].filter(([address, all]) => all.length > 0 && !this.asked.has(address));
    for (const [address] of questions) this.asked.add(address);
    return Object.fromEntries(questions.flatMap(([, all]) => all));
  }

  take(answers: Answers): void {
    Object.assign(this.answers, answers);
    for (const address of [...this.sources.keys()].filter((each) => this.asked.has(each))) {
      const answer = this.answers[address];
      if (answer?.kind === "row") this.known.set(address, answer.row);
      this.sources.delete(address);
    }
    // In the order of an import, so that one pass is enough.
    for (const wanted of this.open) {
      const waitsFor = addressesIn(comparedIn(wanted).map((name) => wanted.attributes[name]));
      if (this.asked.has(wanted.address) && !waitsFor.some((address) => this.isOpen(address))) this.judge(wanted);
    }
  }

  /** What waits for something that never became known. */
  judgeRest(): void {
    for (const wanted of this.open) if (this.asked.has(wanted.address)) this.judge(wanted);
  }

  private isOpen(address: string): boolean {
    return this.sources.has(address) || this.open.some((each) => each.address === address);
  }

  private judge(wanted: Wanted): void {
    this.open = this.open.filter((each) => each !== wanted);
    const finding = judge(this.stack.name, wanted, this.answers, this.known);
    if (finding === undefined) return;
    this.findings.push(finding);
    if (finding.kind !== "orphan") return;
    this.known.set(wanted.address, { ...rowsOf(wanted, this.answers)[0], id: finding.importId });
  }
}

/** Data sources that missing resources refer to, in turn through other data sources, and that the state has not read. */
function dataFor({ data, state }: StackView, missing: readonly Wanted[]): Map<string, Attributes> {
  const needed = new Map<string, Attributes>();
  const add = (value: unknown): void => {
    for (const address of addressesIn(value)) {
      const config = data.get(address);
      if (config === undefined || needed.has(address) || state.has(address)) continue;
      needed.set(address, config);
      add(config);
    }
  };
  for (const { attributes } of missing) add(attributes);
  return needed;
}

function dataQuestion(address: string, config: Attributes, known: ReadonlyMap<string, Attributes>): [string, Query][] {
  const resolvedConfig = resolved(config, known);
  return resolvedConfig === UNKNOWN
    ? []
    : [[address, { type: address.split(".")[1] as string, config: resolvedConfig as Attributes }]];
}

/** Nothing while what must be asked with it is not known. */
function questionsFor(
  { address, type, attributes }: Wanted,
  known: ReadonlyMap<string, Attributes>,
): [string, Query][] {
  const lookup = ruleOf(type).lookup as Lookup;
  const scope = resolved(Object.fromEntries((lookup.within ?? []).map((name) => [name, attributes[name]])), known);
  if (scope === UNKNOWN) return [];
  const name = String(attributes[lookup.by]);
  const config = {
    ...(scope as Attributes),
    ...(lookup.argument === true ? { [lookup.by]: name } : { filter: [{ name: lookup.by, values: [name] }] }),
  };
  return [
    ...(lookup.list === undefined ? [] : [[`${address}#list`, { type: lookup.list.type, config }] as [string, Query]]),
    ...(lookup.one === false ? [] : [[`${address}#one`, { type, config }] as [string, Query]]),
  ];
}

type Answers = Readonly<Record<string, Answer>>;

/** Everything that bears the name; an id alone where the data source tells no more. */
function rowsOf({ address, type }: Wanted, answers: Answers): Attributes[] {
  const { list } = ruleOf(type).lookup as Lookup;
  const [all, one] = [answers[`${address}#list`], answers[`${address}#one`]];
  const listed = all?.kind === "row" && list !== undefined ? ((all.row[list.rows] ?? []) as unknown[]) : [];
  if (listed.length > 1 || (listed.length > 0 && one?.kind !== "row"))
    return listed.map((row) => (typeof row === "object" ? (row as Attributes) : { id: row }));
  return one?.kind === "row" ? [one.row] : [];
}

function judge(
  stack: string,
  wanted: Wanted,
  answers: Answers,
  known: ReadonlyMap<string, Attributes>,
): Finding | undefined {
  const { address, type, attributes } = wanted;
  const { verdict, note, lookup } = ruleOf(type);
  const rows = rowsOf(wanted, answers);
  const ids = rows.map(({ id }) => String(id));
  const base = { stack, address, type, name: String(attributes[lookup?.by ?? "name"]), ids, verdict };
  const refused = (why: string): Finding => ({ ...base, kind: "refused", verdict: "refuse", note: why });
  if (rows.length > 1)
    return refused("several bear this name: import the one that is yours, by its number, or rename the others");
  const [row] = rows;
  if (row === undefined) {
    const failure = [answers[`${address}#list`], answers[`${address}#one`]].find((answer) => answer?.kind === "failed");
    return failure?.kind === "failed" ? refused(`the platform does not say which: ${failure.message}`) : undefined;
  }
  const wrong = contradictions(wanted, row, known);
  if (wrong.length > 0)
    return refused(`it bears the name, but is another one: ${wrong.join("; ")}. Rename it, or what is wanted`);
  return { ...base, kind: "orphan", importId: ids[0] as string, ...(note === undefined ? {} : { note }) };
}

/** Attributes in which it must be what is wanted: their change would replace the object, or takes it from another one. */
function comparedIn({ type, attributes, ignored }: Wanted): string[] {
  const fixed = [...replacingPaths(type), ruleOf(type).attachedBy];
  return Object.keys(attributes).filter((name) => fixed.includes(name) && !ignored.includes(name));
}

/** A value that can be compared; what the platform does not tell is told by the plan after the import. */
const plain = (value: unknown): string | undefined =>
  (typeof value === "string" && value !== "") || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;

function contradictions(wanted: Wanted, row: Attributes, known: ReadonlyMap<string, Attributes>): string[] {
  return comparedIn(wanted).flatMap((name) => {
    const [wish, found] = [resolved(wanted.attributes[name], known), plain(row[name])];
    if (found === undefined) return [];
    if (wish === UNKNOWN) return [`${name} is ${found}, which is not the wanted one`];
    const text = plain(wish);
    return text === undefined || text === found ? [] : [`${name} is ${found}, wanted ${text}`];
  });
}

/** What the platform does not show by itself, while what it belongs to is there; and types that nobody has looked into. */
function unseen(
  stack: string,
  { address, type, attributes }: Wanted,
  known: ReadonlyMap<string, Attributes>,
): Finding[] {
  const { verdict, idFrom, lookup, note } = ruleOf(type);
  if (lookup !== undefined) return [];
  const base = { kind: "unseen", stack, address, type, ids: [], verdict } as const;
  if (idFrom === undefined)
    return [{ ...base, name: address, note: ["is not looked for by this command", note].filter(Boolean).join("; ") }];
  const parts = idFrom.map((name) => resolved(attributes[name], known));
  if (parts.includes(UNKNOWN)) return [];
  const id = parts.map(String).join(":");
  return [
    {
      ...base,
      name: id,
      ...(verdict === "import" ? { importId: id } : {}),
      ...(note === undefined ? {} : { note }),
    },
  ];
}
