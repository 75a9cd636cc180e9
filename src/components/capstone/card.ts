/** The capstone's report card: what was shipped, how it did, where it stands, and what is still missing from it. */
import { percent, standing, whole, type Attempt, type FoundFront } from "./attempts.ts";

/** What no program can write. */
export const reflections = {
  diagnosis: "What decided it: which resource ran out first, and how you know",
  tradeoff: "What you gave up for it, and who pays for that",
  risk: "What could still break the promise, and what you would measure first",
} as const;
export type Reflection = keyof typeof reflections;

export interface Card {
  readonly attempt: Attempt;
  /** Points of the last Check on fresh traffic that passed best; null before one has. */
  readonly checked: number | null;
  /** The plan, field by field, as its run drew it. */
  readonly plan: readonly (readonly string[])[];
  readonly said: Readonly<Record<Reflection, string>>;
  readonly found: FoundFront;
}

export interface CardRow {
  readonly name: string;
  readonly value: string;
  readonly limit: string;
  readonly holds: boolean | null;
}

export function cardRows({ attempt, checked, found }: Card): readonly CardRow[] {
  const { budget, promise, best } = found;
  const { points, kept, worst, usd } = attempt;
  return [
    {
      name: "Your best at Check, on traffic nobody had seen",
      value: checked?.toFixed(1) ?? "not checked yet",
      limit: "100",
      holds: null,
    },
    { name: "Points of this run", value: points.toFixed(1), limit: `best found ${best.toFixed(1)}`, holds: null },
    { name: "Promises kept", value: percent(kept), limit: percent(promise.kept), holds: kept >= promise.kept },
    { name: "Slower of the two p99s", value: percent(worst), limit: "100 % of its promise", holds: worst <= 1 },
    { name: "USD a month", value: whole(usd), limit: whole(budget), holds: usd <= budget },
    { name: "Beside the front", value: standing(attempt, found), limit: "", holds: null },
  ];
}

/** What a reader of the card would ask for. */
export function missing({ checked, plan, said }: Card): readonly string[] {
  return [
    ...(checked === null ? ["a passed Check: these numbers are of the traffic that the plan was made on"] : []),
    ...(plan.length === 0 ? ["the plan: its run's charts are no longer kept. Run it again"] : []),
    ...Object.entries(reflections).flatMap(([name, asks]) =>
      said[name as Reflection].trim() === "" ? [`your answer to "${asks}"`] : [],
    ),
  ];
}

/** The card as a text that any reader of Markdown shows. */
export function cardMarkdown(card: Card): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const rows = cardRows(card).map(({ name, value, limit, holds }) => line([name, value, limit, holdsWords(holds)]));
  const plan = card.plan.map(([name = "", value = ""]) => line([name, value]));
  const lacks = missing(card);
  return [
    "# Ship it within the SLO: report card",
    `${card.attempt.name}, ${card.attempt.date.slice(0, 10)}. Simulated under the course's parameters; no GPU was measured.`,
    ["| | this plan | the brief | |", "| --- | --- | --- | --- |", ...rows].join("\n"),
    ...(plan.length > 0 ? [["| the plan | |", "| --- | --- |", ...plan].join("\n")] : []),
    ...Object.entries(reflections).map(
      ([name, asks]) => `**${asks}.** ${card.said[name as Reflection].trim() || "Not answered."}`,
    ),
    ...(lacks.length > 0 ? [`Incomplete. It lacks ${lacks.join("; ")}.`] : []),
  ].join("\n\n");
}

export function holdsWords(holds: boolean | null): string {
  return holds === null ? "" : holds ? "kept" : "broken";
}
