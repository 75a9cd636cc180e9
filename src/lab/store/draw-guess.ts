/** The guess as a rule in the chart of the run that can show it, once it has been judged. */
import { withMark } from "../../engine/chart/combine.ts";
import type { ChartDescription } from "../../engine/chart/types.ts";
import type { PredictionRecord } from "../storage.ts";
import type { PredictionQuestion } from "./guess.ts";

/** The chart as it is to be shown: with what was predicted in it, where the lab says that this chart and axis are about it. */
export function drawGuess(
  description: ChartDescription,
  question: PredictionQuestion | undefined,
  record: PredictionRecord | null,
): ChartDescription {
  const where = question?.chart;
  if (where === undefined || record?.actual === undefined || description.title !== where.title) return description;
  return withMark(description, { [where.axis]: record.value / where.per, label: "your prediction" });
}
