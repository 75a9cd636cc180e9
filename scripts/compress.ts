/** After the build: writes a gzipped file beside every text file, which `npm start` serves to browsers that take it. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const TEXT = /\.(html|js|css|json|svg|xml|txt|wasm)$/;
/** A smaller file fits into one packet either way. */
const SMALLEST = 1400;

/** Returns how many files now have a gzipped twin; one that would save under a tenth gets none. */
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
    written++;
  }
  return written;
}

if (import.meta.main) {
  const output = process.env.OUT_DIR ?? "dist";
  console.log(`gzipped beside the original: ${compress(output)} files in ${output}`);
}
