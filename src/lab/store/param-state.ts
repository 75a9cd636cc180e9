/** The sliders and selects of a lab: what they are set to, and what the result on screen was drawn with. */
import { computed, signal } from "@preact/signals-core";
import type { LabSetup } from "../setup.ts";

export type ParamValues = Readonly<Record<string, number | string>>;

/** The most controls that are shown at once. */
const mostPrimary = 3;

/** Names of the controls that a lab is about, and of the rest; without a word of the lab's, the first three are. */
export function shownFirst(definitions: LabSetup["params"]): { readonly first: string[]; readonly more: string[] } {
  const names = Object.keys(definitions);
  const said = names.filter((name) => definitions[name]?.primary === true);
  const first = (said.length > 0 ? said : names).slice(0, mostPrimary);
  return { first, more: names.filter((name) => !first.includes(name)) };
}

export class ParamState {
  readonly definitions: LabSetup["params"];
  readonly values = signal<ParamValues>({});
  /** What the last run had; null before there was one. */
  readonly drawnWith = signal<ParamValues | null>(null);
  /** Something was moved since the result was drawn. */
  readonly moved = computed(() => {
    const drawn = this.drawnWith.value;
    return drawn !== null && Object.entries(this.values.value).some(([name, value]) => drawn[name] !== value);
  });

  constructor(definitions: LabSetup["params"]) {
    this.definitions = definitions;
    this.reset();
  }

  set(name: string, value: number | string): void {
    if (this.values.peek()[name] !== value) this.values.value = { ...this.values.peek(), [name]: value };
  }

  reset(): void {
    this.values.value = Object.fromEntries(
      Object.entries(this.definitions).map(([name, { default: value }]) => [name, value]),
    );
  }

  /** "Network round trip 40 ms, Users 4": the values as a sentence has them. */
  words(values: ParamValues): string {
    return Object.entries(this.definitions)
      .map(([name, param]) => `${param.label} ${valueWords(values[name] ?? param.default, param)}`)
      .join(", ");
  }
}

/** A value with its unit. */
export function valueWords(value: number | string, param: LabSetup["params"][string]): string {
  return "min" in param && param.unit !== undefined ? `${value} ${param.unit}` : `${value}`;
}
