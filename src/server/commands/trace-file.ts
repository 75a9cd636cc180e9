/** `--trace FILE`: recorded traffic as a table that `trace(name)` replays. */
import { basename } from "node:path";
import { readRecorded } from "../../engine/workload/recorded.ts";
import type { RequestTable } from "../../engine/workload/request-table.ts";
import { scriptTable } from "../../engine/workload/script-table.ts";
import { UsageError } from "./exit-codes.ts";
import { readRows } from "./table-file.ts";

export interface TraceFile {
  readonly name: string;
  readonly table: RequestTable;
}

/** Throws UsageError with the file, the row and the column. */
export async function readTrace(file: string): Promise<TraceFile> {
  const { specs } = readRecorded(await readRows("--trace", file), {
    cell: (row, column, why) => {
      throw new UsageError(`--trace ${file}, row ${row + 1}, ${column} ${why}`);
    },
    table: (why) => {
      throw new UsageError(`--trace ${file} ${why}`);
    },
  });
  return { name: basename(file), table: scriptTable(specs) };
}
