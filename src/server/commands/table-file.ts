/** Reads files of records: JSON lines, a JSON array, or CSV with a heading. Each record is an object. */
import { readFile } from "node:fs/promises";
import { readRecords, type Row } from "../../engine/workload/records.ts";
import { UsageError } from "./exit-codes.ts";
import { decodeText } from "./read-text.ts";

export type { Row };

/** Throws UsageError that names the option, the file and the line. */
export async function readRows(option: string, file: string): Promise<Row[]> {
  let text: string;
  try {
    text = decodeText(await readFile(file));
  } catch (error) {
    throw new UsageError(`${option} ${file} can't be read: ${(error as Error).message}`);
  }
  const fail = (line: number, why: string): never => {
    throw new UsageError(`${option} ${file}, line ${line}: ${why}`);
  };
  if (text.trim() === "") throw new UsageError(`${option} ${file} is empty`);
  return [...readRecords(text, fail).rows];
}
