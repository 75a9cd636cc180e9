/** `@course`: what lessons and guides may import. */
export { default as AccuracyTable } from "./author/AccuracyTable.astro";
export { default as Belief } from "./lesson/Belief.astro";
export { default as Callout } from "./author/Callout.astro";
export { default as CheatTable } from "./reference/CheatTable.astro";
export { default as Decision } from "./lesson/Decision.astro";
export { default as Figure } from "./author/Figure.astro";
export { default as FittedAccuracy } from "./author/FittedAccuracy.astro";
export { default as Formula } from "./author/Formula.astro";
export { default as FrozenParameters } from "./author/FrozenParameters.astro";
export { default as FurtherReading } from "./lesson/FurtherReading.astro";
export { default as Gap } from "./lesson/Gap.astro";
export { default as Glossary } from "./author/Glossary.astro";
export { default as Lab } from "./lab/Lab.astro";
export { default as LabFields } from "./author/LabFields.astro";
export { default as LiveFigure } from "./figures/LiveFigure.astro";
export { default as MovingFigure } from "./figures/MovingFigure.astro";
export { default as Opener } from "./lesson/Opener.astro";
export { default as Point } from "./figures/Point.astro";
export { default as PriceTable } from "./figures/PriceTable.astro";
export { default as Quiz } from "./quiz/Quiz.astro";
export { default as SampleSizes } from "./figures/SampleSizes.astro";
export { default as Source } from "./author/Source.astro";
export { default as Sources } from "./author/Sources.astro";
export { default as Takeaways } from "./lesson/Takeaways.astro";
export { default as Term } from "./author/Term.astro";
export { default as TryIt } from "./lesson/TryIt.astro";
export { default as WhereItGoesWrong } from "./lesson/WhereItGoesWrong.astro";
export { default as WorkedExample } from "./lesson/WorkedExample.astro";
export { count, monthOf, number, percent, time, times, usd } from "./format.ts";
/** Figures and numbers of the lessons, computed by the engine when the site is built. */
export * as lessonOne from "./figures/lesson-one.ts";
export * as lessonTwo from "./figures/lesson-two.ts";
export * as lessonThree from "./figures/lesson-three.ts";
export * as lessonFour from "./figures/lesson-four.ts";
/** Examples of the figures kit. */
export { figures as exampleFigures } from "./figures/guide-figures.ts";
export * as articleP99 from "./figures/p99.ts";
export * as cheat from "./reference/cheat-sheet.ts";
