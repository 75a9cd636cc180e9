/** Sweeps that somebody measured and published, to fit with one press. */
import published from "./examples.json" with { type: "json" };
import type { LoadChoice } from "./load-choice.ts";
import { rowOf, type SweepRow } from "./rows.ts";
import type { ServerChoice } from "./server-choice.ts";

export interface Example {
  readonly id: string;
  readonly title: string;
  /** What one sees in it. */
  readonly shows: string;
  readonly rows: readonly SweepRow[];
  readonly server: Partial<ServerChoice>;
  readonly load: LoadChoice;
}

export const source = published.source;
export const credit = published.credit;

function rowsOf(
  id: keyof typeof published.examples,
  keep: (users: number, prompt: number, output: number) => boolean,
): SweepRow[] {
  return published.examples[id].points
    .filter(([users = 0, prompt = 0, output = 0]) => keep(users, prompt, output))
    .map(([users = 0, prompt = 0, output = 0, ttft = 0, tpot = 0]) =>
      rowOf({ prompt, output, concurrency: users }, { ttft: ttft / 1000, tpot: tpot / 1000 }, ""),
    );
}

const gptOss: Partial<ServerChoice> = {
  model: "gpt-oss-120b",
  gpu: "h100-sxm-80",
  tp: "2",
  engine: "vllm",
  weights: "mxfp4",
};
const qwen: Partial<ServerChoice> = { model: "qwen3-32b", gpu: "h100-sxm-80", tp: "4", engine: "vllm-v1" };

export const examples: readonly Example[] = [
  {
    id: "gpt-oss",
    title: "gpt-oss-120b on 2 × H100",
    shows: "fifteen loads at three lengths, a sweep that shows much",
    rows: rowsOf("gpt-oss-h100", () => true),
    server: gptOss,
    load: { kind: "users", load: "128", prompt: "921.6", output: "921.6" },
  },
  {
    id: "light-load",
    title: "The same server under light load only",
    shows: "five points with up to 16 users: what they can’t tell",
    rows: rowsOf(
      "gpt-oss-h100",
      (users, prompt, output) => users <= 16 && (prompt < 1000 ? output < 1000 : users <= 8),
    ),
    server: gptOss,
    load: { kind: "users", load: "64", prompt: "921.6", output: "921.6" },
  },
  {
    id: "qwen3",
    title: "Qwen3-32B on 4 × H100",
    shows: "vLLM 0.12 with 8 to 128 users",
    rows: rowsOf("qwen3-vllm", (_users, _prompt, output) => output !== 1024),
    server: qwen,
    load: { kind: "users", load: "256", prompt: "1024", output: "512" },
  },
];
