/** One number of the estimator, and all that stands behind it. */

export interface Figure {
  readonly id: string;
  readonly label: string;
  /** The number with its unit. */
  readonly text: string;
  /** Around it, in words. */
  readonly range?: string;
  /** How it is worked out, in names, then in values. */
  readonly formula: string;
  readonly filled: string;
  /** Where the values come from. */
  readonly source: string;
}
