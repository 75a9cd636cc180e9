import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cellText, shownTable, toCsv } from "../../../src/components/charts/cells.ts";
import { draw, heightOf } from "../../../src/components/charts/draw/draw.ts";
import { nearest, readingsOf } from "../../../src/components/charts/readings.ts";
import type { Place, Surface } from "../../../src/components/charts/surface.ts";
import { svgSurface } from "../../../src/components/charts/svg-surface.ts";
import { wholeView, type Drawing } from "../../../src/components/charts/view.ts";
import type { ChartDescription } from "../../../src/engine/chart/types.ts";
import { arbitraryChart, extreme, kinds, usual } from "./arbitrary-charts.ts";

const WIDTH = 720;
/** The description of a kind; kinds that share a form are one type. */
type Of<Kind> = Extract<ChartDescription, { kind: Kind }>;
type SeriesDescription = Of<"line" | "scatter" | "ecdf" | "percentiles">;
type BarDescription = Of<"bars" | "waterfall">;

interface Drawn {
  readonly drawing: Drawing;
  readonly dots: Place[];
  readonly texts: string[];
  readonly numbers: number[];
}

/** What any renderer is told to draw: SVG and canvas are two surfaces under the same hand. */
function drawn(description: ChartDescription): Drawn {
  const [dots, texts, numbers]: [Place[], string[], number[]] = [[], [], []];
  const places = (all: readonly Place[]) => all.forEach((at) => numbers.push(...at));
  const surface: Surface = {
    width: WIDTH,
    height: heightOf(description, WIDTH),
    rect: (...args) => void numbers.push(args[0], args[1], args[2], args[3]),
    line: places,
    area: places,
    dot: (at) => (places([at]), void dots.push(at)),
    text: (at, text) => (places([at]), void texts.push(text)),
    clip: (_, inside) => inside(),
  };
  return { drawing: draw(surface, description), dots, texts, numbers };
}

/** The value at a place, read back from the picture. */
function valueAt({ panels }: Drawing, [x, y]: Place, panel = 0): { x: number; y: number } {
  const { box, x: sx, y: sy } = panels[panel];
  return {
    x: sx ? sx.value((x - box.left) / (box.right - box.left)) : NaN,
    y: sy ? sy.value((box.bottom - y) / (box.bottom - box.top)) : NaN,
  };
}

/** Equal as far as a picture can tell: to a millionth of the axis. */
function same(drawing: Drawing, side: "x" | "y", a: number, b: number, panel = 0): void {
  // Denormal numbers are this far apart or nearer: no picture can tell them from each other.
  if (Math.abs(a - b) <= 1e-320) return;
  const scale = drawing.panels[panel][side]!;
  expect(Math.abs(scale.at(a) - scale.at(b))).toBeLessThan(1e-6);
}

/** Cells of a CSV, quotes taken off. */
function parseCsv(csv: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let quoted = false;
  for (let i = 0; i < csv.length; i++) {
    const ends = !quoted && (csv[i] === "," || csv.startsWith("\r\n", i));
    if (ends) {
      rows.at(-1)?.push(cell);
      cell = "";
      if (csv[i] !== ",") {
        rows.push([]);
        i++;
      }
    } else if (quoted && csv[i] === '"' && csv[i + 1] === '"') cell += csv[i++];
    else if (csv[i] === '"') quoted = !quoted;
    else cell += csv[i];
  }
  return rows.slice(0, -1);
}

const checks: {
  [Kind in (typeof kinds)[number]]?: (
    d: Kind extends SeriesDescription["kind"]
      ? SeriesDescription
      : Kind extends BarDescription["kind"]
        ? BarDescription
        : Of<Kind>,
    picture: Drawn,
  ) => void;
} = {
  line: points,
  scatter: points,
  ecdf(d, { drawing }) {
    d.spec.series.forEach(({ points: curve }, s) =>
      quantiles(d, s, (value, share, n) => {
        const below = curve.filter((p) => p.x < value).at(-1)?.y ?? 0;
        const above = curve.find((p) => p.x >= value)?.y ?? 1;
        expect(below).toBeLessThanOrEqual(share + 1 / n + 1e-9);
        expect(above).toBeGreaterThanOrEqual(share - 1 / n - 1e-9);
        expect(drawing.panels[0].x!.at(value)).toBeGreaterThanOrEqual(-1e-9);
        expect(drawing.panels[0].x!.at(value)).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  },
  percentiles(d) {
    d.spec.series.forEach(({ points: curve }, s) =>
      quantiles(d, s, (value, share) => {
        // The curve on both sides of the percentile; the largest stands beyond all others.
        const shares = curve.map((p, i) => (i === curve.length - 1 ? 1 : 1 - 1 / p.x));
        const left = shares.findLastIndex((at) => at <= share + 1e-9);
        const right = shares.findIndex((at) => at >= share - 1e-9);
        const slack = 1e-9 * Math.abs(value);
        expect(value).toBeGreaterThanOrEqual(curve[Math.max(0, left)].y - slack);
        expect(value).toBeLessThanOrEqual(curve[right].y + slack);
      }),
    );
  },
  histogram(d, { drawing }) {
    expect(d.table.rows.length).toBe(d.spec.edges.length - 1);
    d.table.rows.forEach(([from, to, ...counts], bin) =>
      counts.forEach((count, s) => {
        const at = valueAt(drawing, readingsOf(d).place(s, bin, drawing));
        same(drawing, "y", at.y, Number(count));
        expect(drawing.panels[0].x!.at(at.x)).toBeGreaterThanOrEqual(drawing.panels[0].x!.at(Number(from)) - 1e-6);
        expect(drawing.panels[0].x!.at(at.x)).toBeLessThanOrEqual(drawing.panels[0].x!.at(Number(to)) + 1e-6);
      }),
    );
  },
  bars(d, { drawing }) {
    d.table.rows.forEach((row, i) => {
      expect(row[0]).toBe(d.spec.categories[i]);
      let top = 0;
      d.spec.series.forEach((_, s) => {
        top = d.spec.stacked ? top + Number(row[1 + s]) : Number(row[1 + s]);
        if (d.spec.y.scale !== "log") same(drawing, "y", valueAt(drawing, readingsOf(d).place(s, i, drawing)).y, top);
      });
      if (d.spec.stacked && d.spec.series.length > 1) expect(row.at(-1)).toBeCloseTo(top, 6);
    });
  },
  waterfall(d, { drawing }) {
    if (d.spec.y.scale === "log") return;
    d.spec.series.forEach((_, s) => {
      let top = 0;
      d.table.rows.forEach((row, i) => {
        top = i < d.spec.categories.length ? top + Number(row[1 + s]) : Number(row[1 + s]);
        same(drawing, "y", valueAt(drawing, readingsOf(d).place(s, i, drawing)).y, top);
      });
    });
  },
  heatmap(d) {
    const table = shownTable(d);
    d.spec.y.values.forEach((_, j) =>
      d.spec.x.values.forEach((_x, i) => {
        const said = readingsOf(d).text(j, i).replaceAll("−$", "−");
        expect(said).toContain(table.cell(j, i + 1) || "no ");
        expect(said).toContain(table.columns[i + 1]);
        expect(said).toContain(table.cell(j, 0));
      }),
    );
  },
  timeline(d, { drawing }) {
    const { t, panels } = d.spec;
    const moments = d.table.rows.length;
    d.table.rows.forEach(([time, ...values], r) => {
      const [from, to] = [r, r + 1].map((k) => Math.floor((k * t.length) / moments));
      expect(time).toBe(t[from]);
      values.forEach((value, p) => {
        const here = Array.from({ length: to - from }, (_, k) => panels[p].values[from + k]);
        expect(value).toBe(Math.max(...here));
        const peak = from + here.indexOf(Number(value));
        same(drawing, "y", valueAt(drawing, readingsOf(d).place(p, peak, drawing), p).y, Number(value), p);
      });
    });
  },
  gantt(d) {
    const table = shownTable(d);
    d.table.rows.forEach((row, r) => {
      const { label, spans } = d.spec.rows[r];
      expect(row[0]).toBe(label);
      for (const name of new Set(spans.map((s) => d.spec.kinds[s.kind]))) {
        const mine = spans.filter((s) => d.spec.kinds[s.kind] === name);
        const column = d.table.columns.indexOf(`${name} (s)`);
        expect(row[column]).toBe(mine.reduce((sum, s) => sum + s.to - s.from, 0));
        if (mine.length === 1) expect(readingsOf(d).text(r, spans.indexOf(mine[0]))).toContain(table.cell(r, column));
      }
    });
  },
  blocks(d) {
    const counted = new Map<number, number>();
    for (const owner of d.spec.owners) counted.set(owner, (counted.get(owner) ?? 0) + d.spec.blocksPerCell);
    for (const [request, blocks] of d.table.rows)
      if (typeof request === "number")
        // Where a cell stands for several blocks, a request's edges are rounded to cells.
        expect(Math.abs((counted.get(request) ?? 0) - Number(blocks))).toBeLessThanOrEqual(
          d.spec.blocksPerCell === 1 ? 0 : d.spec.blocksPerCell,
        );
  },
};

/** One row a point, at the place where the picture has it, in the words that are read aloud. */
function points(d: SeriesDescription, { drawing, dots }: Drawn): void {
  const readings = readingsOf(d);
  const table = shownTable(d);
  const named = d.spec.series.length > 1 ? 1 : 0;
  let row = 0;
  d.spec.series.forEach(({ name, points: all }, s) => {
    expect(readings.count(s)).toBe(all.length);
    all.forEach((p, i) => {
      const cells = d.table.rows[row];
      if (named) expect(cells[0]).toBe(name);
      expect(cells[named]).toBe(p.x);
      expect(cells[named + 1]).toBe(p.y);
      if (d.table.columns.at(-1) === "label") expect(cells.at(-1)).toBe(p.label ?? "");
      const at = readings.place(s, i, drawing);
      if (d.kind === "scatter" || all.length <= 40)
        expect(dots.some(([x, y]) => Math.abs(x - at[0]) < 1e-6 && Math.abs(y - at[1]) < 1e-6)).toBe(true);
      same(drawing, "x", valueAt(drawing, at).x, p.x);
      same(drawing, "y", valueAt(drawing, at).y, p.y);
      const said = readings.text(s, i);
      for (const text of [table.cell(row, named), table.cell(row, named + 1), p.label ?? ""])
        expect(said.includes(text) || said.replaceAll("−$", "−").includes(text)).toBe(true);
      row++;
    });
  });
  expect(d.table.rows.length).toBe(row);
}

function quantiles(
  d: SeriesDescription,
  sample: number,
  check: (value: number, share: number, n: number) => void,
): void {
  const [[, ...counts], ...rows] = d.table.rows;
  for (const [name, ...values] of rows) {
    const value = values[sample];
    const share = name === "min" ? 0 : name === "max" ? 1 : Number(String(name).slice(1)) / 100;
    if (value !== "") check(Number(value), share, Number(counts[sample]));
  }
}

describe("picture, table, CSV and what is read aloud say the same", () => {
  it.each(kinds)("%s", (kind) => {
    fc.assert(
      fc.property(arbitraryChart(kind, usual), (d) => {
        const picture = drawn(d);
        (checks[kind] as (d: ChartDescription, p: Drawn) => void)(d, picture);

        const csv = parseCsv(toCsv(d.table));
        expect(csv.length).toBe(1 + d.table.rows.length);
        d.table.rows.forEach((row, r) =>
          row.forEach((cell, c) => {
            if (typeof cell === "number") expect(Number(csv[r + 1][c])).toBe(cell === 0 ? 0 : cell);
            else expect(csv[r + 1][c].replace(/^'/, "")).toBe(cell.replace(/^'/, ""));
          }),
        );

        // An axis that the picture names with its unit stands over a column of that name and unit, or the column says the unit.
        const table = shownTable(d);
        for (const { y } of picture.drawing.panels)
          if (y?.shown.unit && "series" in d.spec && kind !== "histogram" && kind !== "ecdf")
            expect(table.columns.some((name) => name.endsWith(`(${y.shown.unit})`))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it("a cell is the number of the CSV times the factor of the axis", () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.constantFrom(1, 1e3, 1e6, 1e-9),
        (value, factor) => {
          expect(cellText(value, { unit: "ms", factor })).toBe(cellText(value * factor));
        },
      ),
    );
  });

  it("SVG has a mark for each row of a scatter chart", () => {
    fc.assert(
      fc.property(arbitraryChart("scatter", usual), (d) => {
        const one = {
          ...d,
          spec: { ...(d as SeriesDescription).spec, series: (d as SeriesDescription).spec.series.slice(0, 1) },
        } as ChartDescription;
        const surface = svgSurface(WIDTH, heightOf(one, WIDTH));
        draw(surface, one);
        const count = surface.markup().match(/<circle /g)?.length ?? 0;
        expect(count).toBe((one as SeriesDescription).spec.series[0].points.length);
      }),
      { numRuns: 40 },
    );
  });
});

describe("any numbers at all give a picture", () => {
  it.each(kinds)("%s: every place is a number, and every value can be found where it was drawn", (kind) => {
    fc.assert(
      fc.property(arbitraryChart(kind, extreme), (d) => {
        const { drawing, numbers, texts } = drawn(d);
        expect(numbers.every(Number.isFinite)).toBe(true);
        expect(numbers.length).toBeLessThan(2_000_000);
        for (const text of [...texts, d.finding]) expect(text).not.toMatch(/NaN|undefined/);
        const readings = readingsOf(d);
        if (readings.rows > 0 && readings.count(0) > 0 && !(kind === "gantt"))
          expect(nearest(readings, drawing, readings.place(0, 0, drawing), wholeView.hidden)).not.toBeNull();
        for (const { x, y } of drawing.panels)
          for (const scale of [x, y])
            if (scale && kind !== "gantt") {
              expect(scale.ticks.length).toBeLessThan(70);
              expect(scale.ticks.every(Number.isFinite)).toBe(true);
            }
      }),
      { numRuns: 150 },
    );
  });
});
