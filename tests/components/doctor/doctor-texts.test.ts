import { describe, expect, it } from "vitest";
import { exampleCommand, exampleMetrics } from "../../../src/components/doctor/examples.ts";
import { nextStep } from "../../../src/components/doctor/next-step.ts";
import { readMetrics } from "../../../src/endpoint/doctor/read-metrics.ts";
import { readStart } from "../../../src/endpoint/doctor/read-start.ts";
import { InputError } from "../../../src/engine/errors.ts";

const ids = (text: string) => readStart(text).findings.map(({ id }) => id);

describe("a start command", () => {
  it.each([
    ["vllm serve Qwen/Qwen3-8B", "vllm", "http://127.0.0.1:8000/v1", "Qwen/Qwen3-8B"],
    ["python3 -m vllm.entrypoints.openai.api_server --model m --port=9000", "vllm", "http://127.0.0.1:9000/v1", "m"],
    ["python -m sglang.launch_server --model-path m", "sglang", "http://127.0.0.1:30000/v1", "m"],
    ["llama-server -m x.gguf --alias small --port 8081", "llamacpp", "http://127.0.0.1:8081/v1", "small"],
    ["OLLAMA_HOST=0.0.0.0:11500 ollama serve", "ollama", "http://127.0.0.1:11500/v1", undefined],
    ["trtllm-serve meta-llama/x --host 0.0.0.0", "trtllm", "http://127.0.0.1:8000/v1", "meta-llama/x"],
    ["vllm serve m --ssl-keyfile k --ssl-certfile c", "vllm", "https://127.0.0.1:8000/v1", "m"],
    ["docker run -p 8001:8000 vllm/vllm-openai --model m", "vllm", "http://127.0.0.1:8001/v1", "m"],
    ["docker run --network host vllm/vllm-openai --model m --port 8002", "vllm", "http://127.0.0.1:8002/v1", "m"],
  ])("%s", (command, server, baseUrl, model) => {
    expect(readStart(command)).toMatchObject({ server, baseUrl, ...(model !== undefined && { model }) });
  });

  it("of nothing we know is said to be that, and one without faults has no findings", () => {
    expect(ids("npm start")).toEqual(["not-recognised"]);
    expect(ids("vllm serve m")).toEqual([]);
  });

  it.each([
    ["docker run vllm/vllm-openai --model m", "port-not-published"],
    [
      "docker run -p 30000:30000 lmsysorg/sglang python -m sglang.launch_server --model-path m",
      "loopback-in-container",
    ],
    ["vllm serve m --host 127.0.0.1", "loopback"],
    ["python -m sglang.launch_server --model-path m", "loopback"],
    ["VLLM_API_KEY=abc vllm serve m", "key"],
    ["llama-server -m x --api-key k", "key-and-preflight"],
    [`vllm serve m --allowed-origins '["https://a.example"]'`, "origins"],
    ["ollama serve", "ollama-origins"],
    ["trtllm-serve m", "no-cors"],
    ["vllm serve /models/m --served-model-name q", "served-name"],
    ["vllm serve m --root-path /llm", "root-path"],
    ["vllm serve m --enforce-eager", "eager"],
    ["python -m sglang.launch_server --model-path m --disable-cuda-graph", "eager"],
    ["CUDA_LAUNCH_BLOCKING=1 vllm serve m", "debug"],
    ["llama-server -m x --no-cont-batching", "static-batches"],
    ["vllm serve m --stream-interval 10", "interval"],
    [`vllm serve m --speculative-config '{"method": "ngram"}'`, "speculative"],
    ["vllm serve m --reasoning-parser qwen3", "reasoning"],
    ["vllm serve m --no-enable-prefix-caching", "cache-off"],
    ["vllm serve m --max_num_seqs 64", "seats"],
    ["llama-server -m x -np 4", "seats"],
    ["llama-server -m x", "few-slots"],
    ["vllm serve m --max-model-len 4096", "context"],
    ["vllm serve m --gpu-memory-utilization=0.3", "little-memory"],
    ["vllm serve m \\\n  --max-num-batched-tokens 512", "small-budget"],
  ])("%s: %s", (command, id) => {
    expect(ids(command)).toContain(id);
  });

  it.each([
    "vllm serve m --stream-interval 1",
    "vllm serve m --gpu-memory-utilization 0.9",
    `vllm serve m --allowed-origins '["*"]'`,
  ])("%s: nothing to say", (command) => expect(ids(command)).toEqual([]));

  it("says first what stops a measurement, then what spoils it", () => {
    const { findings } = readStart("docker run vllm/vllm-openai --model m --enforce-eager --max-num-seqs 8");
    expect(findings.map(({ severity }) => severity)).toEqual(["stops", "distorts", "note"]);
    expect(findings.find(({ id }) => id === "seats")!.what).toBe("At most 8 requests run at once (--max-num-seqs).");
  });
});

describe("a metrics page", () => {
  const vllm = (running: number, waiting: number, kv: number, more = "") =>
    `vllm:num_requests_running{engine="0"} ${running}\nvllm:num_requests_waiting{engine="0"} ${waiting}\nvllm:kv_cache_usage_perc{engine="0"} ${kv}\n${more}`;
  const of = (text: string) => readMetrics(text).findings.map(({ id }) => id);

  it("tells waiting for places from waiting for memory", () => {
    expect(of(vllm(64, 64, 0.112))).toEqual(["waits-for-places"]);
    expect(readMetrics(vllm(64, 64, 0.112)).findings[0]!.what).toContain(
      "64 requests wait while 64 run, and only 11 %",
    );
    expect(of(vllm(20, 5, 0.99))).toEqual(["waits-for-memory"]);
  });

  it("counts preemptions, prefix hits, and a TTFT that is mostly queue", () => {
    expect(of(vllm(3, 0, 0.5, "vllm:num_preemptions_total 12\n"))).toContain("preempted");
    const page = readMetrics(exampleMetrics);
    expect(page.findings.map(({ id }) => id)).toEqual(["waits-for-places", "mostly-queue", "prefix-hits"]);
    expect(page.findings[1]!.what).toContain("74 % of the mean TTFT, 1300 ms");
    expect(page).toMatchObject({ running: 64, waiting: 31, kvBlocks: 14208 });
  });

  it("of a quiet server is fine", () => {
    expect(of(vllm(0, 0, 0))).toEqual(["quiet"]);
    expect(of(vllm(2, 0, 0.1))).toEqual(["busy", "quiet"]);
  });

  it.each([
    ["sglang", "sglang:num_running_reqs 8\nsglang:num_queue_reqs 3\nsglang:token_usage 0.97\n", "waits-for-memory"],
    ["llamacpp", "llamacpp:requests_processing 4\nllamacpp:requests_deferred 2\n", "waits"],
  ])("of %s is read too", (server, text, id) => {
    expect(readMetrics(text)).toMatchObject({ server, findings: [{ id }] });
  });

  it("of anything else is refused in words", () => {
    expect(() => readMetrics("python_gc_objects 4")).toThrow(InputError);
    expect(() => readMetrics("hello")).toThrow(/metrics of vLLM, SGLang/);
  });
});

describe("where the page can't look further", () => {
  const report = (id: "cors" | "mixed-content" | "unreachable" | "unauthorised") =>
    ({
      server: "unknown",
      model: "",
      models: [],
      usable: false,
      findings: [{ id, severity: "stops", what: "", fix: "" }],
    }) as const;
  it.each(["cors", "mixed-content", "unreachable"] as const)("it says why and what to do instead: %s", (id) => {
    expect(nextStep(report(id), "http://10.0.0.5:8000/v1")!.steps.join(" ")).toContain(
      "doctor --base-url http://10.0.0.5:8000/v1",
    );
  });
  it("but not where the server itself said no", () => {
    expect(nextStep(report("unauthorised"), "")).toBeUndefined();
  });
});

it("the example command finds something of each kind", () => {
  expect(ids(exampleCommand)).toEqual(expect.arrayContaining(["eager", "debug", "seats", "key", "served-name"]));
  expect(readStart(exampleCommand).baseUrl).toBe("http://127.0.0.1:8001/v1");
});
