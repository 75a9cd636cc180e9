/** Copies each shipped trace to a file of its own, so that a lab fetches only those it replays. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { shippedTraces } from "../../src/engine/workload/traces/names.ts";
import { emit, root, type Outputs } from "./output.ts";

export async function buildTraces(): Promise<Outputs> {
  const outputs: Record<string, string> = {};
  for (const name of shippedTraces) {
    const packed: unknown = JSON.parse(
      await readFile(join(root, "src/engine/workload/traces", `${name}.json`), "utf8"),
    );
    outputs[name] = await emit(`trace-${name}`, ".json", JSON.stringify(packed));
  }
  return outputs;
}
