/** Plots to read in a quiz, by name: what the lessons' modules export as `plots`, made by the engine at build. */
import type { ChartDescription, ChartOrigin } from "../../engine/chart/types.ts";

export interface QuizPlot {
  readonly chart: ChartDescription;
  readonly origin: ChartOrigin;
}

type Plots = Readonly<Record<string, () => QuizPlot>>;

const modules = import.meta.glob<{ readonly plots?: Plots }>("../figures/lesson-*.ts", { eager: true });

/** Throws where no lesson, or more than one, has a plot of that name. */
export function quizPlot(name: string): QuizPlot {
  const found = Object.values(modules).flatMap(({ plots }) => (plots?.[name] ? [plots[name]] : []));
  if (found.length !== 1 || found[0] === undefined)
    throw new Error(
      `plot: ${name} of a quiz is exported by ${found.length} modules src/components/figures/lesson-*.ts`,
    );
  return found[0]();
}
