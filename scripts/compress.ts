/** After the build: writes a gzipped and a brotli file beside every text file, which `npm start` serves to browsers that take them. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const TEXT = /\.(html|js|css|json|svg|xml|txt|wasm)$/;
/** A smaller file fits into one packet either way. */
const SMALLEST = 1400;

/** Of 11; the last two take ten times as long for a twentieth less. */
const BROTLI_QUALITY = 9;

/** Returns how many files now have packed twins; one that would save under a tenth gets none. */
export function compress(folder: string): number {
  let written = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!TEXT.test(name)) continue;
    const path = join(folder, name);
    const content = readFileSync(path);
    if (content.length < SMALLEST) continue;
    const packed = gzipSync(content);
    if (packed.length > 0.9 * content.length) continue;
    writeFileSync(`${path}.gz`, packed);
    const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
    writeFileSync(`${path}.br`, brotliCompressSync(content, { params }));
    written++;
  }
  return written;
}

if (import.meta.main) {
  const output = process.env.OUT_DIR ?? "dist";
  console.log(`gzip and brotli beside the original: ${compress(output)} files in ${output}`);
}
