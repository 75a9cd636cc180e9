/** Reads what a learner typed as a prediction, and says why it can't be one. */
import { typedInEnglish } from "../phrases.ts";
import type { LabSetup } from "../setup.ts";

export type PredictionQuestion = NonNullable<LabSetup["prediction"]>;

export type Guess = { readonly value: number } | { readonly problem: string };

/** Units that people write for one of ours. */
const sameUnit: Readonly<Record<string, readonly string[]>> = {
  times: ["x", "×", "time", "fold", "mal"],
  "%": ["percent", "per cent"],
  ms: ["millisecond", "milliseconds"],
  s: ["sec", "second", "seconds"],
};

export function readGuess(
  typed: string,
  { unit, min = 0, max }: Pick<PredictionQuestion, "unit" | "min" | "max">,
  lang?: string,
): Guess {
  const text = typedInEnglish(lang, typed.trim()).replaceAll(/(?<=\d),(?=\d{3}\b)/g, "");
  const found = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(.*)$/i.exec(text.replace("−", "-"));
  if (found === null) return { problem: `Write one number${inUnit(unit)}, such as 12.5.` };
  const value = Number(found[1]);
  const said = (found[2] ?? "").trim().toLowerCase();
  if (said !== "" && said !== unit.toLowerCase() && !sameUnit[unit]?.includes(said))
    return { problem: unit === "" ? "The answer has no unit: write the number alone." : `Write it in ${unit}.` };
  const most = max ?? (unit === "%" ? 100 : Infinity);
  if (value < min) return { problem: `This can't be below ${limit(min, unit)}. Have another look at what is asked.` };
  if (value > most) return { problem: `This can't be above ${limit(most, unit)}. Have another look at what is asked.` };
  return { value };
}

function limit(value: number, unit: string): string {
  return value === 0 ? "zero" : `${value.toLocaleString("en-GB")} ${unit}`.trim();
}

function inUnit(unit: string): string {
  return unit === "" ? "" : ` in ${unit}`;
}
