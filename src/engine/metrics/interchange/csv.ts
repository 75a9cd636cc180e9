/** Rows of a CSV text, as RFC 4180 and spreadsheets write it. */

/** Cells may be quoted and then hold commas, line ends and doubled quotes; blank lines are skipped. */
export function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  const end = (): void => {
    if (row.length > 1 || (row[0] ?? "").trim() !== "") rows.push(row);
    row = [];
  };
  while (at < text.length) {
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
    const rest = /[,\r\n]/g;
    rest.lastIndex = at;
    const stop = rest.exec(text)?.index ?? text.length;
    row.push(cell + text.slice(at, stop));
    at = stop + 1;
    if (text[stop] === ",") {
      if (at >= text.length) row.push("");
      continue;
    }
    if (text[stop] === "\r" && text[at] === "\n") at++;
    end();
  }
  end();
  return rows;
}
