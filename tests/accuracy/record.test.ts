import { describe, expect, test } from "vitest";
import { rowsOf } from "../../scripts/accuracy/csv.ts";
import { readCase } from "../../scripts/accuracy/case.ts";
import { evaluate } from "../../scripts/accuracy/evaluate.ts";
import { askedOf, predict } from "../../scripts/accuracy/predict.ts";
import { headlines, median } from "../../scripts/accuracy/score.ts";
import { gpu } from "../../src/engine/catalog/gpu.ts";
import type { Gpu } from "../../src/engine/catalog/types.ts";
import { estimate } from "../../src/engine/estimate/estimate.ts";
import { parameters } from "../../src/engine/step/parameters.ts";
import record from "./record.json" with { type: "json" };

const result = evaluate("tests/accuracy/measured", parameters.fitted);
const tables = headlines(result.scored);
const known = ["throughput", "tpot", "ttft", "step"] as const;
const validations = ["group", "model", "gpu", "architecture", "generation", "publisher"] as const;

describe("the estimator against published measurements", () => {
  test.each(known)("%s is no more than 0.2 points worse than the committed record", (table) => {
    expect(tables[table]!.group).toBeLessThanOrEqual(record.inSample[table].group + 0.002);
    expect(tables[table]!.row).toBeLessThanOrEqual(record.inSample[table].row + 0.002);
  });

  test.each(known)("%s is better than the rule of thumb by 30 % and more under every validation", (table) => {
    for (const name of validations) {
      const { group, rule } = record[name][table];
      expect(group, name).toBeLessThanOrEqual(0.7 * rule);
    }
  });

  test.each(known)(
    "at most 10 %% of the groups of %s are worse than plain roofline, with a model and GPU left out",
    (table) => {
      expect(record.group[table].worseThanRoofline).toBeLessThanOrEqual(0.1);
    },
  );

  test.each(known)("the headline of %s is the worst of the validations", (table) => {
    const errors = validations.map((name) => record[name][table].group);
    expect(record.worst[table].group).toBe(Math.max(...errors));
  });

  test.each(known)("80 %% intervals of %s hold 76 to 84 %% of left-out rows under every validation", (table) => {
    for (const name of validations) {
      expect(record[name][table].covered, name).toBeGreaterThanOrEqual(0.76);
      expect(record[name][table].covered, name).toBeLessThanOrEqual(0.84);
    }
  });

  test("an interval is wider where nothing measured is of this GPU, its family or this engine", () => {
    const width = (on: Gpu | string) => {
      const { low, high } = estimate(
        { model: "llama-3.1-8b", gpu: on },
        { prompt: 100, output: 100, concurrency: 4 },
      ).ttft;
      return high / low;
    };
    const known = width("h100-sxm-80");
    const h100 = gpu("h100-sxm-80");
    expect(width({ ...h100, id: "h100-next" })).toBeGreaterThanOrEqual(known);
    expect(width({ ...h100, id: "next", architecture: "rubin" })).toBeGreaterThanOrEqual(known);
  });

  test("at least 95 % of the stated rows are predicted, and batch-1 decoding within 10 % on devices under 1.1 TB/s", () => {
    expect(result.predicted / result.stated).toBeGreaterThanOrEqual(0.95);
    expect(median(result.batch1)).toBeLessThanOrEqual(0.1);
  });

  test("a family of GPUs without rows has the constants of its kin", () => {
    const { values } = parameters.fitted;
    for (const group of ["compute", "weights", "kv", "attention"]) {
      expect(values[`${group}.turing`]!.value, group).toBe(values[`${group}.gddr`]!.value);
      expect(values[`${group}.tpu`]!.value, group).toBe(values[`${group}.hbm`]!.value);
    }
  });

  test("no prediction is NaN or negative, and what is not predicted says why", () => {
    for (const row of result.rows) {
      if (row.predicted === null) expect(row.reason).toBeTruthy();
      else expect(row.predicted).toBeGreaterThanOrEqual(0);
    }
  });
});

describe("files of any origin", () => {
  const header =
    "gpu_id,model_id,engine,load_kind,load_value,in_mean,out_mean,weight_bits_id,kv_bits_id,metric,value,unit,n_gpu,tp,pp,notes";
  const read = (line: string) => readCase(rowsOf("x.csv", `${header}\n${line}\n`)[0]!);

  test("a row without GPU, model, weight type or load is outside coverage", () => {
    for (const line of [
      ",llama-3.1-8b,vllm,single,1,100,100,bf16,,tpot_mean,10,ms,1,1,1,",
      "l4,,vllm,single,1,100,100,bf16,,tpot_mean,10,ms,1,1,1,",
      "l4,llama-3.1-8b,vllm,single,1,100,100,,,tpot_mean,10,ms,1,1,1,",
      "l4,llama-3.1-8b,vllm,,1,100,100,bf16,,tpot_mean,10,ms,1,1,1,",
    ])
      expect(read(line)).toMatchObject({ stated: false });
  });

  test("an unknown model, metric, unit or value is a reason, not a crash", () => {
    for (const line of [
      "l4,no-such-model,vllm,single,1,100,100,bf16,,tpot_mean,10,ms,1,1,1,",
      "l4,llama-3.1-8b,vllm,single,1,100,100,bf16,,joules,10,J,1,1,1,",
      "l4,llama-3.1-8b,vllm,single,1,100,100,bf16,,tpot_mean,10,fortnights,1,1,1,",
      "l4,llama-3.1-8b,vllm,single,1,100,100,bf16,,tpot_mean,abc,ms,1,1,1,",
      "l4,llama-3.1-8b,vllm,single,1,100,100,fp6,,tpot_mean,10,ms,1,1,1,",
    ])
      expect(read(line)).toMatchObject({ stated: true, reason: expect.any(String) as string });
  });

  test("what a row leaves open is defaulted by name", () => {
    const found = read("h100-80,llama-3.1-70b,vllm,closed,8,100,,fp8,,tpot_mean,10,ms,4,,,");
    expect("case" in found && found.case.assumed).toEqual(
      expect.arrayContaining(["gpu_id", "engine_version", "kv_bits_id", "tp", "out_mean"]),
    );
  });

  test("SGLang's switch for attention data parallelism counts where a number of ranks is given", () => {
    const ranks = (flags: string) => {
      const found = read(`h200-sxm-141,deepseek-v3,sglang,burst,100,2000,100,fp8,,tpot_mean,10,ms,8,8,1,cmd: ${flags}`);
      return "case" in found && found.case.server.dataParallel;
    };
    expect(ranks("launch_server --tp 8 --enable-dp-attention")).toBe(1);
    expect(ranks("launch_server --tp 8 --dp 8 --enable-dp-attention")).toBe(8);
    expect(ranks("launch_server --tp-size 8 --dp-size 8 --enable-dp-attention")).toBe(8);
  });

  test("answers of ShareGPT differ in length though a row gives their mean, random ones do not", () => {
    const lengths = (data: string) => {
      const row = `l4,llama-3.1-8b,vllm,burst,100,200,200,bf16,,tpot_mean,10,ms,1,1,1,${data}; 100 requests,200`;
      const found = readCase(rowsOf("x.csv", `${header},output_tokens\n${row}\n`)[0]!);
      return "case" in found ? found.case.spread.lengths.length : NaN;
    };
    expect(lengths("ShareGPT")).toBeGreaterThan(1);
    expect(lengths("random")).toBe(1);
  });

  test("prompts that meet at a web server wait until it has looked at all of them; a script in the engine's own process has none", () => {
    const makespan = (how: string) => {
      const found = read(`h100-sxm-80,llama-3.1-8b,vllm,burst,1000,200,200,bf16,,makespan,10,s,1,1,1,${how}`);
      return "case" in found ? predict(found.case, parameters.fitted) : NaN;
    };
    const accept = parameters.fitted.values["accept.text"]!.value;
    expect(makespan("vllm bench serve") - makespan("offline: LLM.generate")).toBeCloseTo(1000 * accept, 6);
  });

  test("GPUStack sends chats, which an engine writes out by a template; vLLM writes those of gpt-oss without one", () => {
    const asked = (file: string, model: string, engine: string) => {
      const row = rowsOf(
        file,
        `${header}\nh100-sxm-80,${model},${engine},burst,1000,200,200,bf16,,ttft_mean,10,ms,1,1,1,\n`,
      );
      const found = readCase(row[0]!);
      return "case" in found && askedOf(found.case);
    };
    expect(asked("gpustack_perf_lab.csv", "qwen3-14b", "vllm")).toBe("vllm-async");
    expect(asked("gpustack_perf_lab.csv", "gpt-oss-20b", "sglang")).toBe("sglang");
    expect(asked("gpustack_perf_lab.csv", "gpt-oss-20b", "vllm")).toBe("text");
    expect(asked("vllm_blog.csv", "qwen3-14b", "vllm")).toBe("text");
  });

  const alone = (metric: string, input: string, how = "streaming async engine", version = "0.7.3") => {
    const line = `h100-sxm-80,llama-3.1-8b,vllm,single,1,250,128,bf16,,${metric},10,ms,1,1,1,${how},${input},${version}`;
    const found = readCase(rowsOf("x.csv", `${header},input_tokens,engine_version\n${line}\n`)[0]!);
    if (!("case" in found)) throw new Error(found.reason);
    return found.case;
  };
  const seconds = (...row: Parameters<typeof alone>) => predict(alone(...row), parameters.fitted);

  test("where one chats alone nobody comes between: the slowest tokens of a hundred chats take as long as the others", () => {
    expect(seconds("tpot_p99", "250")).toBe(seconds("tpot_p50", "250"));
    expect(seconds("ttft_p99", "250")).toBe(seconds("ttft_p50", "250"));
  });

  test("chats have few long prompts, and those set the 99th percentile of the first token; picked lengths are alike", () => {
    expect(seconds("ttft_p99", "sharegpt_standard_v1")).toBeGreaterThan(seconds("ttft_p90", "sharegpt_standard_v1"));
    expect(seconds("ttft_p90", "sharegpt_standard_v1")).toBeGreaterThan(seconds("ttft_p50", "sharegpt_standard_v1"));
    expect(seconds("ttft_p99", "sharegpt_longctx_v1")).toBe(seconds("ttft_p50", "sharegpt_longctx_v1"));
  });

  test("a script that streams from the engine in its own process passes no web server on the way in", () => {
    const { values } = parameters.fitted;
    const way = values["ingress.vllm-v0"]!.value - values["ingress.in-process"]!.value;
    expect(seconds("ttft_p50", "250", "vllm serve") - seconds("ttft_p50", "250")).toBeCloseTo(way, 9);
  });

  test("a fork counts its own versions: 1.0 of another vLLM is not the newest vLLM", () => {
    expect(alone("ttft_p50", "250", "vllm serve", "1Cat-vLLM 1.0.0").server.engine).toBe("other");
    expect(alone("ttft_p50", "250", "vllm serve", "1.0.0").server.engine).toBe("vllm-async");
  });

  test("a row whose weights do not fit its GPUs tells nothing about how many sequences ran", () => {
    const found = read("h100-sxm-80,llama-3.1-70b,sglang,burst,500,200,200,bf16,,tpot_mean,10,ms,1,1,1,");
    expect("case" in found && found.case.maxRunning).toBe(1024);
  });

  test("quotes, commas and line ends inside cells are read", () => {
    const row = rowsOf("q.csv", 'a,b\r\n"x, ""y""\n2",3\r\n')[0]!;
    expect(row.cell("a")).toBe('x, "y"\n2');
    expect(row.cell("b")).toBe("3");
    expect(row.cell("missing")).toBe("");
  });
});
