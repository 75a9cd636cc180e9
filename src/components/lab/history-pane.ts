/** The last runs side by side, newest last, with the change from the one before. */
import type { RunRecord } from "../../lab/storage.ts";
import { make, threeDigits } from "./parts.ts";

export function showHistory(host: HTMLElement, runs: readonly RunRecord[]): void {
  const names = [...new Set(runs.flatMap(({ summary }) => Object.keys(summary)))];
  host.hidden = runs.length < 2 || names.length === 0;
  if (host.hidden) return;
  const head = make("tr", "", make("th", "", "Number"), ...runs.map((run) => columnHead(run)));
  const rows = names.map((name) =>
    make(
      "tr",
      "",
      rowHead(name),
      ...runs.map((run, i) => make("td", "", cell(run.summary[name], runs[i - 1]?.summary[name]))),
    ),
  );
  const table = make("table", "", make("thead", "", head), make("tbody", "", ...rows));
  const scroller = make("div", "lab-history-scroll", table);
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "region");
  scroller.setAttribute("aria-label", "Last runs, side by side");
  host.replaceChildren(make("h4", "", "Last runs"), scroller);
}

function columnHead({ name, origin, target }: RunRecord): HTMLElement {
  const head = make(
    "th",
    "",
    name,
    make("span", "lab-history-origin", origin === "measured" ? `measured, ${target}` : origin),
  );
  head.scope = "col";
  return head;
}

function rowHead(name: string): HTMLElement {
  const head = make("th", "", name);
  head.scope = "row";
  return head;
}

function cell(value: number | undefined, before: number | undefined): string {
  if (value === undefined) return "–";
  if (before === undefined || before === 0 || before === value) return threeDigits(value);
  const change = (value / before - 1) * 100;
  return `${threeDigits(value)} (${change > 0 ? "+" : "−"}${threeDigits(Math.abs(change))} %)`;
}
