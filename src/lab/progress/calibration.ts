/** What a learner predicted over the course against what correct code said: by what factor, and whether they were as sure as they should be. */
import { bars } from "../../engine/chart/bars.ts";
import { scatter } from "../../engine/chart/scatter.ts";
import type { ChartDescription } from "../../engine/chart/types.ts";
import type { PredictionRecord } from "../storage-records.ts";
import { confidences } from "../store/prediction-state.ts";

/** A prediction that has been judged. */
export interface Judged {
  /** Of the lab. */
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly guess: number;
  readonly answer: number;
  readonly close: boolean;
  readonly confidence: (typeof confidences)[number] | null;
}

export interface Calibration {
  /** In the order in which they were made. */
  readonly judged: readonly Judged[];
  /** Guess ÷ answer, one point a prediction; null where no ratio can be drawn. */
  readonly ratios: ChartDescription | null;
  /** How often each confidence came true beside how often it should; null until one was given. */
  readonly confidence: ChartDescription | null;
}

const defaultTolerance = 0.1;

/** `titles`: of labs, by id. Predictions made after a run had been seen say nothing about foresight and are left out. */
export function calibration(
  predictions: readonly PredictionRecord[],
  titles: Readonly<Record<string, string>>,
): Calibration {
  const judged = [...predictions]
    .sort((a, b) => a.date.localeCompare(b.date))
    .flatMap(({ id, value, actual, unit = "", tolerance = defaultTolerance, confidence, afterRun }): Judged[] =>
      actual === undefined || afterRun === true
        ? []
        : [
            {
              id,
              title: titles[id] ?? id,
              unit,
              guess: value,
              answer: actual,
              close: Math.abs(value - actual) <= tolerance * Math.abs(actual),
              confidence: confidences.find(({ chance }) => chance === confidence) ?? null,
            },
          ],
    );
  return { judged, ratios: ratioChart(judged), confidence: confidenceChart(judged) };
}

function ratioChart(judged: readonly Judged[]): ChartDescription | null {
  const points = judged.flatMap(({ guess, answer, close }, index) => {
    const ratio = guess / answer;
    // A log axis holds what is above zero.
    return ratio > 0 && Number.isFinite(ratio) ? [{ x: index + 1, y: ratio, close }] : [];
  });
  if (points.length === 0) return null;
  const series = [
    { name: "close", points: points.filter(({ close }) => close) },
    { name: "not close", points: points.filter(({ close }) => !close) },
  ];
  return scatter({
    title: "What you guessed, as a multiple of the answer",
    x: { label: "prediction" },
    y: { label: "guess ÷ answer", scale: "log" },
    series: series
      .filter(({ points }) => points.length > 0)
      .map(({ name, points }) => ({ name, points: points.map(({ x, y }) => ({ x, y })) })),
    marks: [{ y: 1, label: "exactly right" }],
  });
}

function confidenceChart(judged: readonly Judged[]): ChartDescription | null {
  const given = confidences.flatMap(({ chance, label }) => {
    const here = judged.filter((each) => each.confidence?.chance === chance);
    const close = here.filter((each) => each.close).length;
    return here.length === 0
      ? []
      : [{ chance, name: `${label} (${close} of ${here.length})`, share: close / here.length }];
  });
  if (given.length === 0) return null;
  return bars({
    title: "As sure as you should be?",
    y: { label: "predictions that come close", unit: "%" },
    categories: given.map(({ name }) => name),
    series: [
      { name: "you said", values: given.map(({ chance }) => chance) },
      { name: "it was", values: given.map(({ share }) => 100 * share) },
    ],
  });
}
