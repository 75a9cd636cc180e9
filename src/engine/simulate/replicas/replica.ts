/** What the run's event loop needs of a server's replica, whichever way it computes. */
export interface Replica {
  /** Seconds: when it could start its next step. */
  readonly clock: number;
  readonly idle: boolean;
  /** Requests waiting or running. */
  readonly load: number;
  /** Seconds spent in steps, over all its engines. */
  readonly busy: number;
  /** A request arrives; false when it is refused. */
  submit(request: number, now: number): boolean;
  /**
   * Runs every step that starts before `until`; with `stopAtEnds`, returns after one in which requests ended (they are in
   * `ended`). Returns false once nothing more can run although requests are there: the replica is stuck.
   */
  advance(until: number, stopAtEnds: boolean): boolean;
  /** Requests that ended in the last step, when told to stop there, and the time. */
  readonly ended: { readonly length: number; at(k: number): number | undefined };
  /** The request that keeps a stuck replica from going on. */
  readonly stuckOn: number;
  /** Brings the columns of requests that are still running up to date, at the end of a run. */
  settle(): void;
}
