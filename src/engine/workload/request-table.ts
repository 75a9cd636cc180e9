/** The shape of a workload written out request by request, in columns. */

/** Which leading tokens requests have in common. Row r of a request covers segments [offset[i], offset[i+1]). */
export interface Segments {
  readonly offset: ArrayLike<number>;
  /** Content ids: equal ids are equal text. */
  readonly id: ArrayLike<number>;
  readonly tokens: ArrayLike<number>;
  /** Content id of the request's own answer, by which a later turn finds it in the cache. */
  readonly answer: ArrayLike<number>;
}

/** One row a request, in order of arrival. Seconds and tokens. */
export interface RequestTable {
  readonly count: number;
  /** When it should leave; NaN for one that waits for an earlier answer (see `after`). */
  readonly at: Float64Array;
  readonly prompt: Uint32Array;
  readonly output: Uint32Array;
  readonly priority?: Int32Array;
  /** Seconds after it left at which the client gives up. */
  readonly cancelAfter?: Float64Array;
  readonly segments?: Segments;
  /** Request whose end this one waits for, or −1; and the pause between, seconds. */
  readonly after?: Int32Array;
  readonly pause?: Float64Array;
  /** Set when the workload would have gone on. */
  readonly endless?: boolean;
}
