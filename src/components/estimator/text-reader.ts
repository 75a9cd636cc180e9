/** Reads the texts of fields, and gathers what is wrong with them. */
import { InputError } from "../../engine/errors.ts";
import { notNumber, readTyped } from "../tools/read-typed.ts";
import type { FieldName, Typed } from "./fields.ts";
import type { Problems } from "./plan.ts";

interface Bounds {
  readonly least?: number;
  readonly above?: number;
  readonly most?: number;
  readonly whole?: boolean;
  /** A unit that may be typed behind the number. */
  readonly unit?: string;
}

export class TextReader {
  readonly typed: Typed;
  readonly #problems: Partial<Record<FieldName, string>> = {};
  readonly #missing: FieldName[] = [];

  constructor(typed: Typed) {
    this.typed = typed;
  }

  /** Required fields that nobody has filled in yet: no mistakes. */
  get missing(): readonly FieldName[] {
    return this.#missing;
  }

  get problems(): Problems {
    return this.#problems;
  }

  /** The first thing that is wrong with a field stays. */
  wrong(field: FieldName, words: string): void {
    this.#problems[field] ??= words;
  }

  /** NaN where the field holds no number that is allowed; undefined where it is empty. */
  optional(field: FieldName, bounds: Bounds = {}): number | undefined {
    const text = this.typed[field].trim();
    if (text === "") return undefined;
    const { unit = "" } = bounds;
    const value = readTyped(text, unit);
    if (Number.isNaN(value)) {
      this.wrong(field, notNumber(text, unit));
      return NaN;
    }
    const { least, above, most, whole } = bounds;
    const low = above !== undefined ? value <= above : least !== undefined && value < least;
    if (low || (most !== undefined && value > most) || (whole && !Number.isInteger(value))) {
      this.wrong(field, `${text} does not do: it must be ${allowed(bounds)}.`);
      return NaN;
    }
    return value;
  }

  number(field: FieldName, bounds: Bounds = {}): number {
    const value = this.optional(field, bounds);
    if (value === undefined) this.#missing.push(field);
    return value ?? NaN;
  }

  /** Runs `act`; an InputError is said beside `field`, or beside the field that `fieldOf` names for the engine's. */
  guarded<T>(field: FieldName, act: () => T, fieldOf: Readonly<Record<string, FieldName>> = {}): T | null {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.wrong(fieldOf[error.field] ?? field, `${error.message}.`.replace(/\.\.$/, "."));
      return null;
    }
  }
}

function allowed({ least, above, most, whole }: Bounds): string {
  const kind = whole ? "a whole number" : "a number";
  const from = above !== undefined ? `above ${above}` : least !== undefined ? `from ${least}` : "";
  const to =
    most === undefined
      ? ""
      : `${from === "" ? "at most" : above !== undefined ? ", at most" : "to"} ${most.toLocaleString("en-GB")}`;
  return `${kind} ${from}${to.startsWith(",") ? to : ` ${to}`}`.replaceAll(/\s+/g, " ").trim();
}
