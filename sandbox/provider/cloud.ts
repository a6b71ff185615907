/** What a stand-in for one cloud's provider is made of: this folder knows the protocol, a cloud knows its types. */
import type { Problem } from "./diagnostics";
import type { Behaviour } from "./plan";
import type { ProviderSchema } from "./schema";

/** Attributes of a resource as plain data; what is not known yet is left out. */
export type Plain = Readonly<Record<string, unknown>>;

/** Makes, reads, changes and destroys one type of resource. What it refuses it throws as `Refused`. */
export interface ResourceHandler {
  /** Returns what the platform decided; what was planned must come back as planned. */
  create(wanted: Plain): Promise<Plain>;
  /** Returns what stands now, or undefined when it is gone. An attribute that is left out keeps the value in the state. */
  read(state: Plain): Promise<Plain | undefined>;
  update(state: Plain, wanted: Plain): Promise<Plain>;
  remove(state: Plain): Promise<void>;
  /** Finds what `terraform import` names; left out where the provider has no import. */
  find?(id: string): Promise<Plain | undefined>;
  /** What would fail at apply, or never come to rest, and is known already at plan. */
  problems?(wanted: Plain, state: Plain | undefined): readonly Problem[];
}

export interface DataHandler {
  /** Returns all attributes of the data source but those that were written. */
  read(config: Plain): Promise<Plain>;
}

export interface Cloud {
  readonly schema: ProviderSchema;
  behaviour(type: string): Behaviour;
  /** Breaches of the value rules in a configuration; unknown values are passed as they are. */
  check(type: string, config: Plain): readonly Problem[];
  configure(config: Plain): readonly Problem[];
  /** A type's handler, or why there is none. */
  resource(type: string): ResourceHandler | { readonly refusal: string };
  data(type: string): DataHandler | { readonly refusal: string };
  /** In place these are accepted by the real provider, never sent, and planned again after every apply. */
  neverSent(type: string): readonly string[];
}
