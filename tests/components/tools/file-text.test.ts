import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { textOfFile } from "../../../src/components/tools/percentiles/file-text.ts";

const file = (...parts: (string | Uint8Array<ArrayBuffer>)[]) => new Blob(parts);
const gzip = (text: string) => new Uint8Array(gzipSync(text));

test("gzip is unpacked, and UTF-16 decoded", async () => {
  expect(await textOfFile(file("120\n"))).toBe("120\n");
  expect(await textOfFile(file(gzip("120\n130\n")))).toBe("120\n130\n");
  const utf16 = new Uint8Array(Buffer.from("\uFEFFms\n120\n", "utf16le"));
  expect(await textOfFile(file(utf16))).toBe("ms\n120\n");
  expect(await textOfFile(file(""))).toBe("");
});

test("a gzip that is cut off, a workbook and a Parquet file are refused with the next step", async () => {
  await expect(textOfFile(file(gzip("120\n".repeat(1000)).slice(0, 30)))).rejects.toThrow("damaged");
  await expect(textOfFile(file("PK\u0003\u0004…"))).rejects.toThrow("save the sheet as CSV");
  await expect(textOfFile(file("PAR1…"))).rejects.toThrow("write it as CSV first");
});

test("what no browser's text can hold is refused before it is read", async () => {
  const large = { size: 2e9, slice: () => new Blob(["12\n"]), arrayBuffer: () => Promise.reject(new Error("it was read")) };
  await expect(textOfFile(large as unknown as Blob)).rejects.toThrow("2.0 GB, and a browser’s text holds 500 MB");
});
