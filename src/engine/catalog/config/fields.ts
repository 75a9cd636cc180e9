/** Reads a config's fields by any of their names, and remembers which were read and what had to be assumed. */
import { InputError } from "../../errors.ts";
import type { HuggingFaceConfig } from "../types.ts";
import { defaultsOf } from "./families.ts";
import { within } from "../../within.ts";

/** Widths, heads, layers, tokens: products of a few of them are still numbers. */
const MOST = 1e12;

type Names = string | readonly string[];

export class Fields {
  /** The family: `model_type`, lower case. */
  readonly type: string;
  readonly assumed: string[] = [];
  readonly #config: HuggingFaceConfig;
  readonly #defaults: HuggingFaceConfig;
  readonly #source: string;
  readonly #read = new Set<string>();

  constructor(config: HuggingFaceConfig, type: string) {
    this.#config = config;
    this.type = type;
    const { values, source } = defaultsOf(type);
    this.#defaults = values;
    this.#source = source;
  }

  /** Names with a value that nothing has read. */
  unread(): [string, unknown][] {
    return Object.entries(this.#config).filter(
      ([name, value]) => value !== undefined && value !== null && !this.#read.has(name),
    );
  }

  /** Marks fields as understood, where another has the same meaning. */
  note(...names: string[]): void {
    for (const name of names) this.#read.add(name);
  }

  has(names: Names): boolean {
    return this.#given(names) !== undefined;
  }

  /** A number ≥ 0; the family's default, listed as assumed, where the config has none. */
  number(names: Names): number | undefined {
    const found = this.#given(names);
    const value = found === undefined ? this.#default(names) : found.value;
    if (value === undefined) return undefined;
    if (!within(value, 0, MOST))
      throw new InputError(`config.${found?.name ?? first(names)}`, value, `a number ≥ 0, at most ${MOST}`);
    return value;
  }

  /** A whole number ≥ 1, or undefined. */
  count(names: Names): number | undefined {
    const value = this.number(names);
    if (value === undefined || value === 0) return undefined;
    if (!Number.isInteger(value)) throw new InputError(`config.${first(names)}`, value, "a whole number ≥ 1");
    return value;
  }

  /** A whole number ≥ 1; throws InputError where there is none. */
  whole(names: Names): number {
    const value = this.number(names);
    if (value === undefined || !Number.isInteger(value) || value < 1)
      throw new InputError(`config.${first(names)}`, value, "a whole number ≥ 1");
    return value;
  }

  /** A number, or the one that a list repeats (one a layer, or one a modality). Throws InputError where they differ. */
  alike(names: Names): number | undefined {
    const value = this.any(names);
    if (!Array.isArray(value)) return this.count(names);
    const numbers = [...new Set((value as unknown[]).filter((one) => one !== null && one !== 0))];
    const [only] = numbers;
    if (numbers.length === 0) return undefined;
    if (numbers.length > 1 || typeof only !== "number" || !Number.isInteger(only) || only < 1)
      throw new InputError(
        `config.${first(names)}`,
        value,
        "alike in all layers; or give a model of the catalogue that is alike",
      );
    return only;
  }

  flag(names: Names): boolean | undefined {
    const value = this.#given(names)?.value ?? this.#default(names);
    return typeof value === "boolean" ? value : undefined;
  }

  text(names: Names): string | undefined {
    const value = this.#given(names)?.value ?? this.#default(names);
    return typeof value === "string" ? value : undefined;
  }

  list(names: Names): readonly unknown[] | undefined {
    const found = this.#given(names);
    return Array.isArray(found?.value) ? (found.value as unknown[]) : undefined;
  }

  /** Whatever it is. */
  any(names: Names): unknown {
    return this.#given(names)?.value ?? this.#default(names);
  }

  /** Explicitly null: switched off, so that no default fills it in. */
  off(name: string): boolean {
    return this.#config[name] === null;
  }

  #given(names: Names): { name: string; value: unknown } | undefined {
    let found: { name: string; value: unknown } | undefined;
    for (const name of typeof names === "string" ? [names] : names) {
      const value = this.#config[name];
      if (value === undefined || value === null) continue;
      this.#read.add(name);
      found ??= { name, value };
    }
    return found;
  }

  #default(names: Names): unknown {
    for (const name of typeof names === "string" ? [names] : names) {
      const value = this.#defaults[name];
      if (value === undefined || this.off(name)) continue;
      const sentence = `${name} is taken as ${String(value)}, the default of ${this.type} (${this.#source})`;
      if (!this.assumed.includes(sentence)) this.assumed.push(sentence);
      return value;
    }
    return undefined;
  }
}

function first(names: Names): string {
  return typeof names === "string" ? names : (names[0] as string);
}
