/** A run's times and counts as eight hex digits: equal in two JavaScript engines only if every bit is. */
import { hashWord } from "../../random.ts";
import type { Run } from "../../run.ts";
import { requireRun } from "../../valid-run.ts";

export function fingerprint(run: Run): string {
  requireRun("run", run);
  const { requests, itl } = run;
  let h = 0x811c9dc5;
  const add = (bytes: ArrayBufferView): void => {
    const words = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const byte of words) h = hashWord(h, byte);
  };
  for (const column of [
    requests.scheduled,
    requests.first,
    requests.last,
    requests.outputTokens,
    requests.preemptions,
  ]) {
    add(column);
  }
  if (itl) add(itl.count);
  return h.toString(16).padStart(8, "0");
}
