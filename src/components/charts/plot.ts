/** A picture that lives in a page: drawn once, updated in place, torn down. */
import type { ChartDescription } from "../../engine/chart/types.ts";

export interface Plot {
  /** False where this plot can't show the new description and another must be mounted. */
  update(description: ChartDescription): boolean;
  destroy(): void;
}
