/** The text of a file that somebody drops: unpacked where it is gzip, decoded where it is not UTF-8, refused in words where it is no text. */
import { ToolProblem } from "../worker-job.ts";

/** No browser holds a longer text. */
const MOST_BYTES = 500e6;

/** What a file begins with, in hexadecimal: what it is, and what to give instead. */
const noText: readonly (readonly [start: string, what: string, instead: string])[] = [
  ["504b0304", "a ZIP archive, as an .xlsx workbook is", "unpack it, or save the sheet as CSV"],
  ["50415231", "a Parquet file", "write it as CSV first"],
  ["4152524f5731", "an Arrow file", "write it as CSV first"],
  ["28b52ffd", "packed with zstd", "unpack it first"],
  ["fd377a585a00", "packed with xz", "unpack it first"],
  ["425a68", "packed with bzip2", "unpack it first"],
  ["53514c69746520", "an SQLite database, as a profiler writes", "export its table as CSV first"],
  ["25504446", "a PDF", "give the numbers themselves"],
  ["89504e47", "a picture", "give the numbers themselves"],
  ["d0cf11e0", "an old Excel workbook", "save the sheet as CSV first"],
];

/** Rejects with a ToolProblem that says the next step. */
export async function textOfFile(file: Blob): Promise<string> {
  const head = new Uint8Array(await file.slice(0, 8).arrayBuffer());
  const start = Array.from(head, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const known = noText.find(([begin]) => start.startsWith(begin));
  if (known) throw new ToolProblem("the file", `This file is ${known[1]}: ${known[2]}`);
  const bytes = start.startsWith("1f8b") ? await unpacked(file) : file;
  if (bytes.size > MOST_BYTES)
    throw new ToolProblem(
      "the file",
      `This file is too large for a page: ${(bytes.size / 1e9).toPrecision(2)} GB, and a browser’s text holds ${MOST_BYTES / 1e6} MB. Give a part of it, such as its first million lines`,
    );
  const encoding = start.startsWith("fffe") ? "utf-16le" : start.startsWith("feff") ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(await bytes.arrayBuffer());
}

async function unpacked(file: Blob): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    const reader = file.stream().pipeThrough(new DecompressionStream("gzip")).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return new Blob(parts);
      parts.push(value);
      size += value.length;
      // Said by who asks, with its size so far.
      if (size > MOST_BYTES) {
        await reader.cancel();
        return new Blob(parts);
      }
    }
  } catch {
    throw new ToolProblem("the file", "This file is packed with gzip and damaged: its end is missing, perhaps. Pack it again");
  }
}
