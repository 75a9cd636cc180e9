/** What can be read off a chart, one value at a time: by pointing, by arrow keys, and aloud. */
import { formatNumber } from "../../engine/chart/format.ts";
import { sum } from "../../engine/chart/sums.ts";
import type { Axis, ChartDescription } from "../../engine/chart/types.ts";
import { barSpans } from "./bar-spans.ts";
import { barPlace } from "./draw/bars.ts";
import { firstAt } from "./draw/lines.ts";
import {
  barExtents,
  ganttExtents,
  gridExtents,
  histogramExtents,
  inUnit,
  seriesExtents,
  shownIn,
  timelineExtents,
  withShown,
  type Shown,
} from "./extents.ts";
import type { Place } from "./surface.ts";
import type { Drawing, Panel } from "./view.ts";

/** Rows of values: series, panels, requests, rows of cells. Left and right go along a row, up and down to another. */
export interface Readings {
  readonly rows: number;
  count(row: number): number;
  /** Which entry of the legend a value belongs to. */
  entry(row: number, i: number): number;
  /** Where it was drawn. */
  place(row: number, i: number, drawing: Drawing): Place;
  text(row: number, i: number): string;
  /** For rows too long to look at each value: the nearest ones of a row to a place. */
  near?(row: number, at: Place, drawing: Drawing): readonly number[];
}

export interface Spot {
  readonly row: number;
  readonly i: number;
}

type Of<Kind> = Extract<ChartDescription, { kind: Kind }>;

export function readingsOf(description: ChartDescription): Readings {
  switch (description.kind) {
    case "line":
    case "scatter":
    case "ecdf":
    case "percentiles":
      return series(description);
    case "histogram":
      return histogram(description);
    case "bars":
    case "waterfall":
      return bars(description);
    case "heatmap":
      return heatmap(description);
    case "timeline":
      return timeline(description);
    case "gantt":
      return gantt(description);
    case "blocks":
      return blocks(description);
    case "table":
      return { rows: 0, count: () => 0, entry: () => 0, place: () => [0, 0], text: () => "" };
  }
}

/** The value nearest to a place among those that are shown, within `reach` pixels. */
export function nearest(
  readings: Readings,
  drawing: Drawing,
  at: Place,
  hidden: ReadonlySet<number>,
  reach = Infinity,
): Spot | null {
  let found: Spot | null = null;
  let least = reach * reach;
  for (let row = 0; row < readings.rows; row++) {
    const some = readings.near?.(row, at, drawing);
    const count = some?.length ?? readings.count(row);
    for (let k = 0; k < count; k++) {
      const i = some === undefined ? k : some[k];
      if (hidden.has(readings.entry(row, i))) continue;
      const [x, y] = readings.place(row, i, drawing);
      const distance = (x - at[0]) ** 2 + (y - at[1]) ** 2;
      if (distance < least) {
        least = distance;
        found = { row, i };
      }
    }
  }
  return found;
}

function placeIn({ box, x, y }: Panel, xValue: number, yValue: number): Place {
  return [
    box.left + (x ? x.at(xValue) : 0) * (box.right - box.left),
    box.bottom - (y ? y.at(yValue) : 0) * (box.bottom - box.top),
  ];
}

/** "TTFT 12.3 ms"; a unit that says it all needs no label. */
function said({ label }: Axis, value: number, shown: Shown): string {
  return `${label} ${withShown(value, shown)}`;
}

/** "p99.9" for a place on HdrHistogram's axis. */
export function percentileName(x: number): string {
  return `p${formatNumber(100 * (1 - 1 / x), 7)}`;
}

function series(description: Of<"line" | "scatter" | "ecdf" | "percentiles">): Readings {
  const { kind, spec } = description;
  const extents = seriesExtents(description);
  const [xIn, yIn] = [shownIn(spec.x, extents.x), shownIn(spec.y, extents.y)];
  const who = (s: number) => (spec.series.length > 1 ? `${spec.series[s].name}: ` : "");
  return {
    rows: spec.series.length,
    count: (s) => spec.series[s].points.length,
    entry: (s) => s,
    place: (s, i, { panels }) => placeIn(panels[0], spec.series[s].points[i].x, spec.series[s].points[i].y),
    text(s, i) {
      const p = spec.series[s].points[i];
      if (kind === "ecdf") return `${who(s)}${inUnit(100 * p.y, plain)} % at or below ${withShown(p.x, xIn)}`;
      if (kind === "percentiles") return `${who(s)}${percentileName(p.x)} of ${spec.y.label} ${withShown(p.y, yIn)}`;
      const range =
        p.low === undefined || p.high === undefined ? "" : ` (${inUnit(p.low, yIn)} to ${withShown(p.high, yIn)})`;
      const label = p.label ? ` · ${p.label}` : "";
      return `${who(s)}${said(spec.y, p.y, yIn)}${range} at ${said(spec.x, p.x, xIn)}${label}`;
    },
  };
}

const plain: Shown = { unit: undefined, factor: 1 };

function histogram(description: Of<"histogram">): Readings {
  const { spec } = description;
  const xIn = shownIn(spec.x, histogramExtents(description).x);
  return {
    rows: spec.series.length,
    count: (s) => spec.series[s].counts.length,
    entry: (s) => s,
    place(s, i, { panels: [panel] }) {
      const [from] = placeIn(panel, spec.edges[i], 0);
      const [to, y] = placeIn(panel, spec.edges[i + 1], spec.series[s].counts[i]);
      return [(from + to) / 2, y];
    },
    text(s, i) {
      const who = spec.series.length > 1 ? `${spec.series[s].name}: ` : "";
      const count = spec.series[s].counts[i];
      return `${who}${inUnit(count, plain)} from ${withShown(spec.edges[i], xIn)} to ${withShown(spec.edges[i + 1], xIn)}`;
    },
  };
}

function bars(description: Of<"bars" | "waterfall">): Readings {
  const { spec } = description;
  const { categories, spans } = barSpans(description);
  const yIn = shownIn(spec.y, barExtents(description).y);
  return {
    rows: spec.series.length,
    count: () => categories.length,
    entry: (s) => s,
    place(s, i, { panels: [panel] }) {
      const { from, to } = barPlace(description, s, i);
      const [, top] = placeIn(panel, 0, spans[s][i][1]);
      return [panel.box.left + ((from + to) / 2) * (panel.box.right - panel.box.left), top];
    },
    text(s, i) {
      const { name, values } = spec.series[s];
      const value = i < values.length ? values[i] : sum(values);
      return `${spec.series.length > 1 ? `${name}, ` : ""}${categories[i]}: ${withShown(value, yIn)}`;
    },
  };
}

function heatmap(description: Of<"heatmap">): Readings {
  const { spec } = description;
  const extents = gridExtents(description);
  const [xIn, yIn, zIn] = [shownIn(spec.x, extents.x), shownIn(spec.y, extents.y), shownIn(spec.z, extents.z)];
  const [columns, rows] = [spec.x.values.length, spec.y.values.length];
  const value = (j: number, i: number) => spec.values[j * columns + i];
  return {
    rows,
    count: () => columns,
    entry: () => -1,
    place: (j, i, { panels: [{ box }] }) => [
      box.left + ((i + 0.5) / columns) * (box.right - box.left),
      box.bottom - ((j + 0.5) / rows) * (box.bottom - box.top),
    ],
    text: (j, i) =>
      `${Number.isNaN(value(j, i)) ? `no ${spec.z.label}` : said(spec.z, value(j, i), zIn)} at ${said(spec.x, spec.x.values[i], xIn)}, ${said(spec.y, spec.y.values[j], yIn)}`,
    near: (j, [x, y], { panels: [{ box }] }) => {
      const at = (share: number, count: number) => Math.max(0, Math.min(count - 1, Math.floor(share * count)));
      if (at((box.bottom - y) / (box.bottom - box.top), rows) !== j) return [];
      return [at((x - box.left) / (box.right - box.left), columns)];
    },
  };
}

function timeline(description: Of<"timeline">): Readings {
  const { spec } = description;
  const extents = timelineExtents(description);
  const tIn = shownIn(spec.x, extents.x);
  const shown = spec.panels.map(({ y }, p) => shownIn(y, extents.panels[p]));
  return {
    rows: spec.panels.length,
    count: () => spec.t.length,
    entry: () => -1,
    place: (p, i, { panels }) => placeIn(panels[p], spec.t[i], spec.panels[p].values[i]),
    text: (p, i) => `${said(spec.panels[p].y, spec.panels[p].values[i], shown[p])} at ${withShown(spec.t[i], tIn)}`,
    near: (p, [x], { panels }) => neighbours(spec.t, panels[p], x),
  };
}

/** The moments just before and after a place. */
function neighbours(t: ArrayLike<number>, { box, x: scale }: Panel, x: number): number[] {
  if (!scale) return [];
  const at = firstAt({ length: t.length, at: (i) => t[i] }, scale.value((x - box.left) / (box.right - box.left)));
  return [at - 1, at].filter((i) => i >= 0 && i < t.length);
}

function gantt(description: Of<"gantt">): Readings {
  const { spec } = description;
  const xIn = shownIn(spec.x, ganttExtents(description).x);
  return {
    rows: spec.rows.length,
    count: (r) => spec.rows[r].spans.length,
    entry: (r, i) => spec.rows[r].spans[i].kind,
    place(r, i, { panels: [panel] }) {
      const { from, to } = spec.rows[r].spans[i];
      const [[left, y], [right]] = [placeIn(panel, from, r + 0.5), placeIn(panel, to, r + 0.5)];
      const { box } = panel;
      return [(Math.max(left, box.left) + Math.min(Math.max(right, box.left), box.right)) / 2, y];
    },
    text(r, i) {
      const { label, spans } = spec.rows[r];
      const { from, to, kind } = spans[i];
      return `request ${label}: ${withShown(to - from, xIn)} ${spec.kinds[kind]}, from ${withShown(from, xIn)}`;
    },
    near(r, [x, y], { panels: [{ box, x: scale, y: rows }] }) {
      if (!scale || !rows) return [];
      if (Math.floor(rows.value((box.bottom - y) / (box.bottom - box.top))) !== r) return [];
      const t = scale.value((x - box.left) / (box.right - box.left));
      const under = spec.rows[r].spans.findIndex(({ from, to }) => t >= from && t <= to);
      return under >= 0 ? [under] : spec.rows[r].spans.map((_, i) => i);
    },
  };
}

function blocks({ spec }: Of<"blocks">): Readings {
  const side = ({ panels: [{ box }], columns = 1 }: Drawing) => (box.right - box.left) / columns;
  return {
    rows: 1,
    count: () => spec.owners.length,
    entry: () => -1,
    place(_, i, drawing) {
      const { columns = 1 } = drawing;
      return [((i % columns) + 0.5) * side(drawing), (Math.floor(i / columns) + 0.5) * side(drawing)];
    },
    text(_, i) {
      const { blocksPerCell: each, owners } = spec;
      const what = each === 1 ? `block ${i}` : `blocks ${i * each} to ${(i + 1) * each - 1}`;
      return `${what}: ${owners[i] < 0 ? "free" : `request ${owners[i]}`}`;
    },
    near(_, [x, y], drawing) {
      const { columns = 1 } = drawing;
      const [column, line] = [Math.floor(x / side(drawing)), Math.floor(y / side(drawing))];
      const i = line * columns + column;
      return column >= 0 && column < columns && i >= 0 && i < spec.owners.length ? [i] : [];
    },
  };
}
