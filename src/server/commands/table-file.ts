/** Reads files of records: JSON lines, a JSON array, or CSV with a heading. Each record is an object. */
import { readFile } from "node:fs/promises";
import { UsageError } from "./exit-codes.ts";
import { decodeText } from "./read-text.ts";

export type Row = Readonly<Record<string, unknown>>;

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
  const trimmed = text.trim();
  if (trimmed === "") throw new UsageError(`${option} ${file} is empty`);
  if (trimmed.startsWith("[")) return jsonArray(trimmed, fail);
  if (trimmed.startsWith("{")) return jsonLines(text, fail);
  return csvRows(text, fail);
}

type Fail = (line: number, why: string) => never;

function jsonArray(text: string, fail: Fail): Row[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return fail(1, `not JSON: ${(error as Error).message}`);
  }
  return (value as unknown[]).map((row, i) => asRow(row, i + 1, fail));
}

function jsonLines(text: string, fail: Fail): Row[] {
  const rows: Row[] = [];
  text.split("\n").forEach((line, i) => {
    if (line.trim() === "") return;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      return fail(i + 1, `not JSON: ${(error as Error).message}`);
    }
    rows.push(asRow(value, i + 1, fail));
  });
  return rows;
}

function asRow(value: unknown, line: number, fail: Fail): Row {
  if (typeof value === "string") return { prompt: value };
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return fail(line, `${JSON.stringify(value).slice(0, 40)} is no object with fields`);
  return value as Row;
}

function csvRows(text: string, fail: Fail): Row[] {
  const [head, ...records] = csvRecords(text, fail);
  if (!head || records.length === 0) return fail(1, "a CSV file needs a line of headings and a line of values");
  const names = head.fields.map((name) => name.trim());
  return records.map(({ fields, line }) => {
    if (fields.length > names.length) return fail(line, `${fields.length} values under ${names.length} headings`);
    return Object.fromEntries(names.map((name, i) => [name, fields[i] ?? ""]));
  });
}

/** RFC 4180: quoted fields may hold commas, line ends and doubled quotes. */
function csvRecords(text: string, fail: Fail): { fields: string[]; line: number }[] {
  const records: { fields: string[]; line: number }[] = [];
  let fields: string[] = [];
  let field = "";
  let quoted = false;
  let line = 1;
  let began = 1;
  const endRecord = (): void => {
    fields.push(field);
    field = "";
    if (fields.some((value) => value !== "")) records.push({ fields, line: began });
    fields = [];
    began = line;
  };
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]!;
    if (letter === "\n") line++;
    if (quoted) {
      if (letter !== '"') field += letter;
      else if (text[i + 1] === '"') field += text[++i]!;
      else quoted = false;
    } else if (letter === '"' && field === "") quoted = true;
    else if (letter === ",") {
      fields.push(field);
      field = "";
    } else if (letter === "\n") endRecord();
    else if (letter !== "\r") field += letter;
  }
  if (quoted) fail(began, "a quoted value that never ends");
  if (field !== "" || fields.length > 0) endRecord();
  return records;
}
