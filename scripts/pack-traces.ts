/** `node scripts/pack-traces.ts DIR`: packs the published trace files in DIR into src/engine/workload/traces. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PackedTrace } from "../src/engine/workload/traces/decode.ts";

interface Recorded {
  readonly milliseconds: number;
  readonly prompt: number;
  readonly output: number;
  readonly blocks?: readonly number[];
}

const directory = process.argv[2];
if (!directory) throw new Error("usage: node scripts/pack-traces.ts DIR");

function azure(file: string): Recorded[] {
  const [, ...lines] = readFileSync(join(directory as string, file), "utf8")
    .trim()
    .split(/\r?\n/);
  const rows = lines.map((line) => {
    const [stamp = "", prompt, output] = line.split(",");
    return {
      milliseconds: Math.round(Date.parse(`${stamp.slice(0, 23).replace(" ", "T")}Z`)),
      prompt: Number(prompt),
      output: Math.max(1, Number(output)),
    };
  });
  const start = rows[0]?.milliseconds ?? 0;
  return rows.map((row) => ({ ...row, milliseconds: row.milliseconds - start }));
}

function mooncake(file: string): Recorded[] {
  return readFileSync(join(directory as string, file), "utf8")
    .trim()
    .split("\n")
    .map((line) => {
      const row = JSON.parse(line) as {
        timestamp: number;
        input_length: number;
        output_length: number;
        hash_ids: number[];
      };
      return {
        milliseconds: row.timestamp,
        prompt: row.input_length,
        output: Math.max(1, row.output_length),
        blocks: row.hash_ids,
      };
    });
}

function pack(rows: readonly Recorded[]): string {
  const bytes: number[] = [];
  const unsigned = (value: number): void => {
    let rest = value;
    while (rest >= 128) {
      bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
  };
  let before = 0;
  for (const { milliseconds } of rows) {
    unsigned(milliseconds - before);
    before = milliseconds;
  }
  for (const { prompt } of rows) unsigned(prompt);
  for (const { output } of rows) unsigned(output);
  let end = 0;
  for (const { blocks } of rows) {
    if (!blocks) continue;
    const runs: { start: number; length: number }[] = [];
    for (const block of blocks) {
      const last = runs.at(-1);
      if (last && block === last.start + last.length) last.length++;
      else runs.push({ start: block, length: 1 });
    }
    unsigned(runs.length);
    for (const { start, length } of runs) {
      const difference = start - end;
      unsigned(difference >= 0 ? 2 * difference : -2 * difference - 1);
      unsigned(length);
      end = start + length;
    }
  }
  return Buffer.from(bytes).toString("base64");
}

function write(name: string, rows: Recorded[], credit: { source: string; licence: string }, blockTokens: number): void {
  rows.sort((a, b) => a.milliseconds - b.milliseconds);
  const packed: PackedTrace = { name, ...credit, requests: rows.length, blockTokens, data: pack(rows) };
  writeFileSync(
    new URL(`../src/engine/workload/traces/${name}.json`, import.meta.url),
    `${JSON.stringify(packed, null, 2)}\n`,
  );
}

const fromAzure = {
  source: "Azure LLM inference traces 2023, github.com/Azure/AzurePublicDataset; P. Patel et al., Splitwise, ISCA 2024",
  licence: "CC-BY 4.0",
};
const fromMooncake = {
  source: "Mooncake conversation trace, github.com/kvcache-ai/Mooncake; R. Qin et al., FAST 2025",
  licence: "Apache-2.0",
};
write("azure-code-2023", azure("AzureLLMInferenceTrace_code_2023.csv"), fromAzure, 0);
write("azure-conversation-2023", azure("AzureLLMInferenceTrace_conv_2023.csv"), fromAzure, 0);
write("mooncake-conversation", mooncake("mooncake_conversation_trace.jsonl"), fromMooncake, 512);
