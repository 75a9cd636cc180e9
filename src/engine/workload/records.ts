/** Records of a text: JSON lines, a JSON array, or CSV with a heading, each with the line it begins on. */

export type Row = Readonly<Record<string, unknown>>;

export interface Records {
  readonly rows: readonly Row[];
  /** Of each row, the line that it begins on, from 1; of a JSON array, whose rows need no lines of their own, its place in the array. */
  readonly lines: readonly number[];
}

/** Says what is wrong with a line, as `lines` counts them, by throwing. */
export type Fail = (line: number, why: string) => never;

/** `text` without its ends being blank alone. A row that is a text becomes `{ prompt }`. */
export function readRecords(text: string, fail: Fail): Records {
  const first = text.trimStart()[0];
  if (first === undefined) return fail(1, "there is nothing");
  if (first === "[") return jsonArray(text, fail);
  if (first === "{") return jsonLines(text, fail);
  return csvTable(text, fail);
}

function jsonArray(text: string, fail: Fail): Records {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const at = breakOf(error);
    const before = text.slice(0, at ?? 0).split("\n");
    return fail(before.length, notJson(error, at === undefined ? at : before.at(-1)!.length));
  }
  const rows = (value as unknown[]).map((row, i) => asRow(row, i + 1, fail));
  return { rows, lines: rows.map((_, i) => i + 1) };
}

function jsonLines(text: string, fail: Fail): Records {
  const rows: Row[] = [];
  const lines: number[] = [];
  text.split("\n").forEach((line, i) => {
    if (line.trim() === "") return;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      return fail(i + 1, notJson(error, breakOf(error)));
    }
    rows.push(asRow(value, i + 1, fail));
    lines.push(i + 1);
  });
  return { rows, lines };
}

/** Where in the text it breaks off, as far as the error says. */
function breakOf(error: unknown): number | undefined {
  const at = /position (\d+)/.exec((error as Error).message)?.[1];
  return at === undefined ? undefined : Number(at);
}

/** `at`: characters of the line before the fault. */
function notJson(error: unknown, at: number | undefined): string {
  const where = at === undefined ? "" : `, from character ${at + 1} on`;
  return `not JSON${where}: ${(error as Error).message}`;
}

function asRow(value: unknown, line: number, fail: Fail): Row {
  if (typeof value === "string") return { prompt: value };
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return fail(line, `${JSON.stringify(value).slice(0, 40)} is no object with fields`);
  return value as Row;
}

function csvTable(text: string, fail: Fail): Records {
  const [head, ...records] = csvRecords(text, fail);
  if (!head || records.length === 0) return fail(1, "a CSV file needs a line of headings and a line of values");
  const names = head.fields.map((name) => name.trim());
  return {
    rows: records.map(({ fields, line }) => {
      if (fields.length > names.length) return fail(line, `${fields.length} values under ${names.length} headings`);
      return Object.fromEntries(names.map((name, i) => [name, fields[i] ?? ""]));
    }),
    lines: records.map(({ line }) => line),
  };
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
