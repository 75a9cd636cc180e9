/** Times decode on the target you chose, at four lengths of context, one request at a time. Nothing to change here. */
import { benchmark, closed, fixed, gpu, kvBytesPerToken, model, summarize, type Run } from "perflab";
import type { Measurement } from "./published.ts";

/** What decode moves, and how fast it could be moved. */
export interface Machine {
  /** Bytes of all weights. */
  readonly weights: number;
  /** Bytes of KV cache for each token of context, in 16 bits. */
  readonly kvPerToken: number;
  /** Bytes per second, of the datasheet. */
  readonly bandwidth: number;
}

/** A model and a GPU of the catalogue, in bf16. */
export function machineOf(modelId: string, gpuId: string): Machine {
  const m = model(modelId);
  return { weights: 2 * m.parameters, kvPerToken: kvBytesPerToken(m, "bf16"), bandwidth: gpu(gpuId).hbmBandwidth };
}

const answer = 33; // tokens: 32 decode steps

/** Context and speed of the answers in a run; nothing where no answer succeeded. */
export function reading(run: Run): Measurement[] {
  const { tpot } = summarize(run);
  const pace = tpot.n > 0 ? tpot.p(50) : NaN;
  const prompt = Math.max(...run.requests.promptTokens); // as the server counts them
  return pace > 0 ? [{ context: prompt + answer / 2, tokensPerSecond: 1 / pace }] : [];
}

/** Speeds after an eighth, a quarter, half and all of `longest` tokens. */
export async function measure(longest: number): Promise<Measurement[]> {
  const measured: Measurement[] = [];
  for (const share of [8, 4, 2, 1]) {
    const workload = {
      arrivals: closed(1),
      prompt: fixed(Math.round(longest / share)),
      output: fixed(answer),
      requests: 2,
    };
    measured.push(...reading(await benchmark(workload, { warmup: share === 8 ? 1 : 0 })));
  }
  return measured;
}
