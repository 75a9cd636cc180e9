/** What is wrong with a lab, for its author: where, what, and how to mend it. */

export interface Fault {
  /** Path from the root of the repository: "labs/kv-ledger/lab.yaml". */
  readonly file: string;
  /** 1-based. */
  readonly line?: number;
  readonly column?: number;
  readonly says: string;
  /** What to do, where that can be said. */
  readonly fix?: string;
}

/** One line for a terminal: "labs/x/lab.yaml:12:3 `hint` is not a field. Did you mean `hints`?" */
export function faultLine({ file, line, column, says, fix }: Fault): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  return `${place} ${says}${fix === undefined ? "" : ` ${fix}`}`;
}

/** Thrown where a lab can't be used at all. */
export class FaultyLab extends Error {
  override readonly name = "FaultyLab";
  readonly faults: readonly Fault[];
  constructor(faults: readonly Fault[]) {
    super(faults.map(faultLine).join("\n"));
    this.faults = faults;
  }
}
