/** The guess in the chart: where the lab says, in the axis's unit, and only once it has been judged. */
import { describe, expect, it } from "vitest";
import type { ChartDescription } from "../../src/engine/chart/types.ts";
import { drawGuess } from "../../src/lab/store/draw-guess.ts";
import { shownFirst } from "../../src/lab/store/param-state.ts";

const bars: ChartDescription = {
  kind: "bars",
  title: "How long it stands still",
  finding: "",
  table: { columns: ["", "freeze (s)"], rows: [["whole", 1.45]] },
  spec: {
    stacked: false,
    categories: ["whole"],
    y: { label: "freeze", unit: "s" },
    series: [{ name: "freeze", values: [1.45] }],
  },
} as unknown as ChartDescription;
const question = {
  question: "?",
  unit: "ms",
  answer: "freezeMs",
  tolerance: 0.2,
  explain: "so",
  chart: { title: bars.title, axis: "y" as const, per: 1000 },
};
const judged = { id: "lab", value: 700, date: "2026-11-27", actual: 1450 };

describe("drawGuess", () => {
  it("draws a judged guess as a rule, in the unit of the axis", () => {
    const drawn = drawGuess(bars, question, judged);
    expect(drawn.kind === "bars" && drawn.spec.marks).toEqual([{ y: 0.7, label: "your prediction" }]);
    expect(drawn.table).toEqual(bars.table);
  });
  it("leaves the chart alone before it is judged, and charts that are about something else", () => {
    const { actual: _, ...open } = judged;
    expect(drawGuess(bars, question, open)).toBe(bars);
    expect(drawGuess(bars, question, null)).toBe(bars);
    expect(drawGuess({ ...bars, title: "Another" }, question, judged)).toMatchObject({ spec: bars.spec });
    const { chart: _chart, ...unsaid } = question;
    expect(drawGuess(bars, unsaid, judged)).toBe(bars);
  });
});

describe("shownFirst", () => {
  const slider = { label: "a", min: 0, max: 1, step: 1, default: 0 };
  const names = (...primary: string[]) =>
    Object.fromEntries(
      ["a", "b", "c", "d", "e"].map((name) => [name, { ...slider, ...(primary.includes(name) && { primary: true }) }]),
    );
  it("shows what the lab calls primary, and the first three where it says nothing", () => {
    expect(shownFirst(names("d", "b"))).toEqual({ first: ["b", "d"], more: ["a", "c", "e"] });
    expect(shownFirst(names())).toEqual({ first: ["a", "b", "c"], more: ["d", "e"] });
  });
});
