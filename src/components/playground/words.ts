/** Configurations and numbers in words. */
import { formatNumber, withUnit } from "../../engine/chart/format.ts";
import type { Ranged } from "../../engine/metrics/types.ts";
import { isActive, knobs, valueOf, type Knob, type Values } from "./knobs.ts";

export function seconds(value: number): string {
  return Number.isFinite(value) ? withUnit(value, "s") : "–";
}

export function ranged({ value, low, high }: Ranged, words: (value: number) => string = seconds): string {
  return Number.isFinite(value) ? `${words(value)} (${words(low)} to ${words(high)})` : "grows without end";
}

export function share(value: number): string {
  return Number.isFinite(value) ? `${formatNumber(100 * value)} %` : "–";
}

function spoken(knob: Knob, value: string): string {
  if (knob.kind === "choice") return knob.options.find(([option]) => option === value)?.[1] ?? value;
  return value === "" ? "the default" : value;
}

/** What of `values` is otherwise in `other`, each as "name value"; without `other`, what differs from the defaults. */
export function differences(values: Values, other: Values = {}): readonly string[] {
  return knobs
    .filter((knob) => isActive(knob, values) && valueOf(values, knob.id) !== valueOf(other, knob.id))
    .map((knob) => `${knob.label} ${spoken(knob, valueOf(values, knob.id))}`);
}

/** In a few words; for a heading. */
export function inShort(values: Values, other: Values): string {
  const found = differences(values, other);
  if (found.length === 0) return "the same knobs";
  return found.length <= 3 ? found.join(", ") : `${found.slice(0, 3).join(", ")} and ${found.length - 3} more`;
}

/** With a full stop, and one only. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
