import { expect, test } from "vitest";
import { judge, neighboursOf, type Point } from "../../../src/components/measured/slow.ts";
import { InputError } from "../../../src/engine/errors.ts";
import { estimate } from "../../../src/engine/estimate/estimate.ts";
import { rowWith } from "../accuracy/row.ts";

const point: Point = {
  model: "llama-3.1-8b",
  gpu: "h100-sxm-80",
  gpus: 1,
  engine: "vllm",
  weights: "",
  concurrency: 16,
  prompt: 1000,
  output: 200,
  figure: "tpot",
  value: 0.01,
};
const { tpot, outputTokensPerSecond } = estimate(
  { model: "llama-3.1-8b", gpu: "h100-sxm-80", tensorParallel: 1, engine: "vllm" },
  { prompt: 1000, output: 200, concurrency: 16 },
);

test("the verdict is that of the 80 % interval, and for throughput more is better", () => {
  expect(judge({ ...point, value: tpot.value }, []).verdict).toBe("as expected");
  expect(judge({ ...point, value: tpot.high * 1.01 }, []).verdict).toBe("slower");
  expect(judge({ ...point, value: tpot.low * 0.99 }, []).verdict).toBe("faster");
  const throughput = { ...point, figure: "throughput" } as const;
  expect(judge({ ...throughput, value: outputTokensPerSecond.high * 1.01 }, []).verdict).toBe("faster");
  expect(judge({ ...throughput, value: outputTokensPerSecond.low * 0.99 }, []).verdict).toBe("slower");
});

test("neighbours are of the same figure, nearest first; the same model and GPU before others", () => {
  const same = rowWith({ row: 1, loadValue: 16 });
  const busier = rowWith({ row: 2, loadValue: 64 });
  const otherGpu = rowWith({ row: 3, gpu: "h200-sxm-141" });
  const rows = [
    rowWith({ row: 4, table: "ttft" }),
    rowWith({ row: 5, metric: "tpot_p99" }),
    rowWith({ row: 6, family: "ada", gpu: "l4" }),
    rowWith({ row: 7, predicted: null }),
    busier,
    otherGpu,
    same,
  ];
  expect(neighboursOf(point, rows).map(({ row }) => row)).toEqual([same, otherGpu, busier]);
});

test("how many neighbours do better is said beside their own predictions", () => {
  const rows = [0.8, 1, 3, 4].map((ratio, row) => rowWith({ row, predicted: 0.01, measured: 0.01 * ratio }));
  expect(judge({ ...point, value: 2 * tpot.value }, rows).better).toBe(0.5);
  expect(judge(point, []).better).toBeNaN();
});

test("what can't be is refused by its field", () => {
  for (const [field, change] of [
    ["value", { value: NaN }],
    ["gpus", { gpus: 0 }],
    ["concurrency", { concurrency: 0 }],
    ["shape.prompt", { prompt: 0 }],
    ["server", { model: "deepseek-v3" }],
  ] as const) {
    let caught: unknown;
    try {
      judge({ ...point, ...change }, []);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(InputError);
    expect((caught as InputError).field).toBe(field);
  }
});
