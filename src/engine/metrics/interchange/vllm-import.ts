/** Reads the result file of `vllm bench serve --save-result --save-detailed` (vllm/benchmarks/serve.py, 2026). */
import { InputError } from "../../errors.ts";
import { array, count, finite, parseObject, text, type Json } from "./parse.ts";
import { runFromRows, type Imported, type ImportedRow } from "./rows.ts";

/** What a Run has no place for, kept for the way back. */
export interface VllmBeside {
  /** Every field of the file that is not one value a request. */
  readonly fields: Json;
  /** The clock reading that is time 0 of the Run, seconds. */
  readonly clock: number;
  readonly texts?: readonly string[];
  readonly errors?: readonly string[];
  /** Failed requests' partial times, which a failed request of a Run does not tell from a whole one's. */
  readonly perRequest: readonly string[];
}

const perRequest = [
  "input_lens",
  "output_lens",
  "ttfts",
  "itls",
  "latencies",
  "start_times",
  "queue_times",
  "generated_texts",
  "errors",
];

/**
 * Every choices chunk of vLLM, an empty role or finish chunk too, comes back as a content chunk: the file does not tell them
 * apart. Throws InputError for a file without details.
 */
export function fromVllm(file: string): Imported<VllmBeside> {
  const json = parseObject(file, "the file");
  if (!Array.isArray(json["ttfts"]) || !Array.isArray(json["start_times"]))
    throw new InputError("ttfts", json["ttfts"], "a list: run `vllm bench serve` with --save-result --save-detailed");
  const ttfts = numbers(json, "ttfts");
  const n = ttfts.length;
  const starts = numbers(json, "start_times", n);
  const inputs = numbers(json, "input_lens", n);
  const outputs = numbers(json, "output_lens", n);
  const itls = array(json["itls"], "itls").map((gaps, i) =>
    array(gaps, `itls[${i}]`).map((g, k) => finite(g, `itls[${i}][${k}]`)),
  );
  if (itls.length !== n) throw new InputError("the length of itls", itls.length, `${n}, as ttfts`);
  const latencies = json["latencies"] === undefined ? undefined : numbers(json, "latencies", n);
  const waits = json["queue_times"] === undefined ? undefined : numbers(json, "queue_times", n);
  const errors = json["errors"] === undefined ? undefined : array(json["errors"], "errors").map(text);
  const texts =
    json["generated_texts"] === undefined ? undefined : array(json["generated_texts"], "generated_texts").map(text);

  // Times relative to the first keep their digits; a clock that has run for days leaves them none to spare.
  const clock = starts.reduce((least, start, i) => Math.min(least, start - (waits?.[i] ?? 0)), Infinity);
  const rows = ttfts.map((ttft, i): ImportedRow => {
    const started = starts[i] - clock;
    // A request that failed before its first chunk has TTFT 0.
    const chunks = ttft > 0 || itls[i].length > 0 ? cumulate(started + ttft, itls[i]) : [];
    const ok = errors ? errors[i] === "" : ttft > 0;
    const last = chunks.length > 0 ? (latencies ? started + latencies[i] : chunks[chunks.length - 1]) : NaN;
    return {
      scheduled: started - (waits?.[i] ?? 0),
      started,
      first: chunks[0],
      last,
      closed: latencies ? started + latencies[i] : last,
      promptTokens: count(inputs[i], `input_lens[${i}]`),
      outputTokens: count(outputs[i], `output_lens[${i}]`),
      tokenSource: "usage",
      status: ok ? "succeeded" : "failed",
      chunks,
      ...(errors?.[i] ? { error: errors[i] } : {}),
    };
  });
  const { run } = runFromRows(rows, { tool: "vllm", model: text(json["model_id"]), date: text(json["date"]) });
  return {
    run,
    beside: {
      fields: Object.fromEntries(Object.entries(json).filter(([name]) => !perRequest.includes(name))),
      clock: n > 0 ? clock : 0,
      ...(texts ? { texts } : {}),
      ...(errors ? { errors } : {}),
      perRequest: perRequest.filter((name) => json[name] !== undefined),
    },
    dropped: [],
  };
}

function cumulate(first: number, gaps: readonly number[]): number[] {
  const times = [first];
  for (const gap of gaps) times.push(times[times.length - 1] + gap);
  return times;
}

function numbers(json: Json, name: string, length?: number): number[] {
  const list = array(json[name], name).map((value, i) => finite(value, `${name}[${i}]`));
  if (length !== undefined && list.length !== length)
    throw new InputError(`the length of ${name}`, list.length, `${length}, as ttfts`);
  return list;
}
