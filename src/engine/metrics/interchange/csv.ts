/** Rows of a CSV text, as RFC 4180 and spreadsheets write it. */

/** Cells may be quoted and then hold separators, line ends and doubled quotes; blank lines are skipped. */
export function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  eachCsvRow(text, ",", (row) => rows.push(row));
  return rows;
}

/** As `csvRows`, a row at a time and with any separator of one character; `end` is the place in the text behind the row. */
export function eachCsvRow(text: string, separator: string, take: (row: string[], end: number) => void): void {
  let at = 0;
  const give = (row: string[], end: number): void => {
    if (row.length > 1 || (row[0] ?? "").trim() !== "") take(row, end);
  };
  while (at < text.length) {
    const stop = text.indexOf("\n", at);
    const end = stop < 0 ? text.length : stop;
    const line = text.slice(at, text[end - 1] === "\r" ? end - 1 : end);
    if (line.includes('"') || line.includes("\r")) {
      at = quotedRow(text, at, separator, give);
    } else {
      at = end + 1;
      give(line.split(separator), at);
    }
  }
}

/** One row that may hold quotes, or end with a lone carriage return; answers with the place behind it. */
function quotedRow(text: string, from: number, separator: string, give: (row: string[], end: number) => void): number {
  const row: string[] = [];
  let at = from;
  for (;;) {
    let cell = "";
    if (text[at] === '"') {
      for (at++; at < text.length; at++) {
        const close = text.indexOf('"', at);
        cell += text.slice(at, close < 0 ? text.length : close);
        at = close < 0 ? text.length : close + 1;
        if (text[at] !== '"') break;
        cell += '"';
      }
    }
    let stop = at;
    while (stop < text.length && text[stop] !== separator && text[stop] !== "\n" && text[stop] !== "\r") stop++;
    row.push(cell + text.slice(at, stop));
    at = stop + 1;
    if (text[stop] === separator) continue;
    if (text[stop] === "\r" && text[at] === "\n") at++;
    give(row, at);
    return at;
  }
}
