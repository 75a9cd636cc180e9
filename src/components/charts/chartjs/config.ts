/** A chart description as Chart.js configuration. */
import type { ChartConfiguration, ChartDataset, ChartOptions } from "chart.js";
import { placeText, withUnit } from "../../../engine/chart/format.ts";
import type { Axis, ChartDescription, Point } from "../../../engine/chart/types.ts";
import { barSpans } from "../draw/bars.ts";
import { DOTS, seriesScales } from "../draw/series.ts";
import { extent, scaleOf, type Scale } from "../scale.ts";
import { seriesStyle } from "../series-style.ts";
import { FONT_SIZE } from "../surface.ts";
import { xAxis, yAxis } from "./axes.ts";
import { marksPlugin, type Mark } from "./marks.ts";
import type { Theme } from "./theme.ts";

type Of<Kind> = Extract<ChartDescription, { kind: Kind }>;
export type ChartJsDescription = Of<"line" | "scatter" | "ecdf" | "percentiles" | "histogram" | "bars" | "waterfall">;

export interface Drawn {
  readonly config: ChartConfiguration;
  /** Stands over the y axis. */
  readonly yTitle: string;
}

/** Datasets with this label are bands: in no legend, no tooltip. */
const BAND = "";

export function chartJsConfig(description: ChartJsDescription, theme: Theme): Drawn {
  switch (description.kind) {
    case "histogram":
      return histogram(description, theme);
    case "bars":
    case "waterfall":
      return bars(description, theme);
    default:
      return series(description, theme);
  }
}

function series(description: Of<"line" | "scatter" | "ecdf" | "percentiles">, theme: Theme): Drawn {
  const { kind, spec } = description;
  const scales = seriesScales(description);
  const datasets = spec.series.flatMap(({ name, points }, s): ChartDataset[] => {
    const { colour, dash, shape } = seriesStyle(s);
    const banded = kind === "line" ? points.filter((p) => p.low !== undefined || p.high !== undefined) : [];
    const edge = (read: (p: Point) => number, fill: string | false): ChartDataset => ({
      type: "line",
      label: BAND,
      data: banded.map((p) => ({ x: p.x, y: read(p) })),
      borderWidth: 0,
      pointRadius: 0,
      pointHitRadius: 0,
      fill,
      backgroundColor: theme.faded(colour, 0.16),
    });
    const dots = kind === "scatter" || (kind === "line" && points.length <= DOTS);
    const own: ChartDataset = {
      type: kind === "scatter" ? "scatter" : "line",
      label: name,
      data: points as Point[],
      parsing: false,
      borderColor: theme.colour(colour),
      backgroundColor:
        kind === "scatter" ? theme.faded(colour, points.length > 200 ? 0.45 : 0.85) : theme.colour(colour),
      pointBackgroundColor:
        kind === "scatter" ? theme.faded(colour, points.length > 200 ? 0.45 : 0.85) : theme.colour(colour),
      borderWidth: kind === "scatter" ? 0 : 2,
      pointBorderWidth: shape === "crossRot" || shape === "star" ? 1.5 : 0,
      pointStyle: shape,
      pointRadius: dots ? 3.5 : 0,
      pointHoverRadius: 5,
      ...(kind === "scatter" ? {} : { borderDash: [...dash], stepped: kind === "ecdf" ? "before" : false }),
    } as ChartDataset;
    return banded.length > 1 ? [own, edge((p) => p.high ?? p.y, "+1"), edge((p) => p.low ?? p.y, false)] : [own];
  });
  const where = (x: number) => (kind === "percentiles" ? scales.x.label(x) : placeText(x, spec.x.unit));
  return assemble({
    type: kind === "scatter" ? "scatter" : "line",
    data: { datasets },
    theme,
    x: scales.x,
    y: scales.y,
    legend: spec.series.length > 1,
    marks: spec.marks ?? [],
    named: spec.series.flatMap(({ points }) => (points.length <= DOTS ? points : [])),
    nearest: kind === "scatter",
    title: (point) => (kind === "ecdf" ? "" : `${spec.x.label} ${where(point.x)}`),
    label: (name, point) =>
      kind === "ecdf"
        ? `${name}: ${placeText(Math.round(point.y * 1e4) / 100, "%")} at or below ${withUnit(point.x, spec.x.unit)}`
        : `${name}: ${withUnit(point.y, spec.y.unit)}${range(point, spec.y)}${point.label ? ` · ${point.label}` : ""}`,
  });
}

function range({ low, high }: Point, { unit }: Axis): string {
  return low === undefined || high === undefined ? "" : ` (${withUnit(low, unit)} to ${withUnit(high, unit)})`;
}

function histogram({ spec }: Of<"histogram">, theme: Theme): Drawn {
  const x = scaleOf(spec.x, extent([...spec.edges, ...(spec.marks ?? []).map((m) => m.x)]), { tight: true });
  const y = scaleOf(spec.y, extent(spec.series.flatMap((s) => s.counts)), { zero: "always", ticks: 5 });
  const datasets = spec.series.map(({ name, counts }, s): ChartDataset => {
    const { colour, dash } = seriesStyle(s);
    return {
      type: "line",
      label: name,
      data: [...counts.map((count, i) => ({ x: spec.edges[i], y: count })), { x: spec.edges[counts.length], y: 0 }],
      parsing: false,
      stepped: "before",
      fill: "origin",
      borderColor: theme.colour(colour),
      borderWidth: 1.75,
      borderDash: [...dash],
      backgroundColor: theme.faded(colour, spec.series.length > 1 ? 0.28 : 0.6),
      pointRadius: 0,
      pointStyle: "rect",
    };
  });
  const bin = (from: number) => spec.edges.indexOf(from);
  return assemble({
    type: "line",
    data: { datasets },
    theme,
    x,
    y,
    legend: spec.series.length > 1,
    marks: spec.marks ?? [],
    named: [],
    nearest: false,
    title: (point) =>
      `${withUnit(point.x, spec.x.unit)} to ${withUnit(spec.edges[bin(point.x) + 1] ?? point.x, spec.x.unit)}`,
    label: (name, point) => `${name}: ${placeText(point.y, undefined)}`,
  });
}

function bars(description: Of<"bars" | "waterfall">, theme: Theme): Drawn {
  const { kind, spec } = description;
  const { categories, spans } = barSpans(description);
  const log = spec.y.scale === "log";
  const ends = extent(spans.flat(2).filter((v) => !log || v > 0));
  const y = scaleOf(spec.y, log ? { low: ends.low / 3, high: ends.high } : ends, { zero: "always", ticks: 5 });
  const datasets = spec.series.map(({ name }, s): ChartDataset => {
    const { colour } = seriesStyle(s);
    const parts = categories.map((_, i) =>
      theme.faded(colour, kind === "waterfall" && i < categories.length - 1 ? 0.6 : 1),
    );
    return {
      type: "bar",
      label: name,
      data: spans[s].map(([from, to]): [number, number] => [log && from <= 0 ? y.low : from, to]),
      backgroundColor: parts,
      hoverBackgroundColor: theme.colour(colour),
      categoryPercentage: 0.72,
      barPercentage: 0.98,
      minBarLength: 1,
      grouped: !spec.stacked,
      pointStyle: "rect",
    };
  });
  const drawn = assemble({
    type: "bar",
    data: { labels: categories, datasets },
    theme,
    x: null,
    y,
    legend: spec.series.length > 1,
    marks: [],
    named: [],
    nearest: false,
    title: (_, index) => categories[index],
    label: (name, _, index, dataset) => {
      const [from, to] = spans[dataset][index];
      return `${name}: ${withUnit(to - from, spec.y.unit)}`;
    },
  });
  return drawn;
}

interface Assembly {
  readonly type: "line" | "scatter" | "bar";
  readonly data: ChartConfiguration["data"];
  readonly theme: Theme;
  /** null: categories. */
  readonly x: Scale | null;
  readonly y: Scale;
  readonly legend: boolean;
  readonly marks: readonly Mark[];
  /** Points whose names are written beside them. */
  readonly named: readonly Point[];
  readonly nearest: boolean;
  title(point: Point, index: number): string;
  label(name: string, point: Point, index: number, dataset: number): string;
}

function assemble(o: Assembly): Drawn {
  const { theme } = o;
  const font = { size: FONT_SIZE, family: theme.family };
  const options: ChartOptions = {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    // Room for points that lie on the edge.
    clip: 6,
    interaction: o.nearest
      ? { mode: "nearest", intersect: true }
      : { mode: o.x ? "nearest" : "index", axis: "x", intersect: false },
    layout: { padding: { top: 4, right: 8 } },
    scales: {
      x: o.x
        ? xAxis(o.x, theme)
        : {
            type: "category",
            grid: { display: false },
            border: { color: theme.colour("line-strong") },
            ticks: { color: theme.colour("muted"), font, maxRotation: 40 },
          },
      y: yAxis(o.y, theme),
    } as ChartOptions["scales"],
    plugins: {
      legend: {
        display: o.legend,
        align: "start",
        labels: {
          usePointStyle: true,
          color: theme.colour("body"),
          font,
          boxHeight: 7,
          filter: (item) => item.text !== BAND,
        },
      },
      tooltip: {
        backgroundColor: theme.colour("ink"),
        titleColor: theme.colour("paper"),
        bodyColor: theme.colour("paper"),
        titleFont: font,
        bodyFont: font,
        usePointStyle: true,
        filter: (item) => item.dataset.label !== BAND,
        callbacks: {
          title: (items) => (items[0] ? o.title(items[0].raw as Point, items[0].dataIndex) : ""),
          label: (item) => o.label(item.dataset.label ?? "", item.raw as Point, item.dataIndex, item.datasetIndex),
        },
      },
    },
  };
  return {
    yTitle: `↑ ${o.y.title}`,
    config: {
      type: o.type,
      data: o.data,
      options,
      plugins: [marksPlugin(o.marks, o.named, theme)],
    } as ChartConfiguration,
  };
}
