/** The command line: kept runs in every format, comparisons that gate a CI, and secrets that go nowhere. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSimulatedThread, type SimulatedThread } from "../../src/server/simulated/thread.ts";
import { littleServer } from "./fixtures/little-server.ts";
import { perflab, type CliResult } from "./cli.ts";

const KEY = "sk-cli-secret-77";
const HEADER = "header-secret-88";
const formats = ["perflab", "vllm", "aiperf", "guidellm"] as const;

let endpoint: SimulatedThread;
let folder: string;
const said: CliResult[] = [];

async function run(args: readonly string[]): Promise<CliResult> {
  const result = await perflab(args, { PERFLAB_API_KEY: KEY });
  said.push(result);
  return result;
}

const load = ["--request-rate", "50", "--num-prompts", "24", "--random-input-len", "40", "--random-output-len", "6"];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "perflab-cli-"));
  endpoint = await startSimulatedThread({ fixed: { ttft: 0.02, itl: 0.004 }, model: "m", apiKey: KEY });
});
afterAll(async () => {
  await endpoint.close();
  await rm(folder, { recursive: true });
});

describe("a kept run", () => {
  test.each(formats)("in the format of %s is written, and read again by compare", async (format) => {
    const file = join(folder, `${format}.out`);
    const bench = await run([
      "bench",
      ...["--base-url", endpoint.url, "--model", "m", "--header", `x-tenant: ${HEADER}`, "--json"],
      ...load,
      ...["--save-result", file, "--format", format],
    ]);
    expect(bench.err).toContain(file);
    expect(bench.code).toBe(0);
    expect(JSON.parse(bench.out)).toMatchObject({ counts: { scheduled: 24, succeeded: 24 } });
    const compared = await run(["compare", file, file, "--json"]);
    expect(compared.err).toMatch(format === "guidellm" ? /left out .*chunk times/ : /^$/);
    expect(compared.code).toBe(0);
    const { rows, regressions } = JSON.parse(compared.out) as {
      rows: { metric: string; a: number; b: number }[];
      regressions: string[];
    };
    expect(regressions).toEqual([]);
    const ttft = rows.find(({ metric }) => metric === "ttft mean")!;
    expect(ttft.a).toBe(ttft.b);
    // Emitted 20 ms after the request came in, so never read sooner.
    expect(ttft.a).toBeGreaterThan(0.0195);
  });

  test("has absolute times where the format asks for them", async () => {
    const record = JSON.parse((await readFile(join(folder, "aiperf.out"), "utf8")).split("\n")[0]!) as {
      metadata: { request_start_ns: number };
    };
    const hour = 3600e9;
    expect(record.metadata.request_start_ns).toBeGreaterThan(Date.now() * 1e6 - hour);
    expect(record.metadata.request_start_ns).toBeLessThanOrEqual(Date.now() * 1e6);
  });

  test("of one tool compares with that of another", async () => {
    const { code, out } = await run(["compare", join(folder, "vllm.out"), join(folder, "guidellm.out"), "--json"]);
    expect([0, 1]).toContain(code);
    expect((JSON.parse(out) as { rows: unknown[] }).rows.length).toBeGreaterThan(3);
  });
});

describe("compare", () => {
  /** vLLM's file of requests with the given times, seconds. */
  const vllmFile = async (name: string, ttft: number, jitter: (i: number) => number): Promise<string> => {
    const file = join(folder, name);
    const ttfts = Array.from({ length: 200 }, (_, i) => ttft + jitter(i));
    await writeFile(
      file,
      JSON.stringify({
        model_id: "m",
        ttfts,
        itls: ttfts.map(() => [0.01, 0.01, 0.01]),
        input_lens: ttfts.map(() => 100),
        output_lens: ttfts.map(() => 4),
        start_times: ttfts.map((_, i) => i * 0.1),
        errors: ttfts.map(() => ""),
      }),
    );
    return file;
  };
  const jitter = (i: number): number => ((i * 7) % 20) / 1000;

  test("exits with 1 and names the metric when it got worse beyond its interval", async () => {
    const before = await vllmFile("before.json", 0.1, jitter);
    const after = await vllmFile("after.json", 0.13, jitter);
    const worse = await run(["compare", before, after]);
    expect(worse.code).toBe(1);
    expect(worse.out).toMatch(/ttft mean.*worse/);
    const better = await run(["compare", after, before]);
    expect(better.code).toBe(0);
    expect(better.out).toMatch(/ttft mean.*better/);
  });

  test("exits with 0 when the change is within its interval, or within what was said to be fine", async () => {
    const before = await vllmFile("before.json", 0.1, jitter);
    const noise = await vllmFile("noise.json", 0.1001, (i) => jitter(i + 3));
    const after = await vllmFile("after.json", 0.13, jitter);
    expect((await run(["compare", before, noise])).code).toBe(0);
    expect((await run(["compare", before, after, "--tolerance", "60"])).code).toBe(0);
  });

  test.each([
    ["no run", '{"hello": 1}', /must be a result of perflab, vLLM/],
    ["a vLLM file without details", '{"request_throughput": 3, "completed": 1}', /save-detailed/],
    ["a damaged run of ours", '{"format": "perflab-run", "version": 1, "requests": 3, "run": {}}\n', /request lines/],
    ["no JSON", "ttft 3", /must be a result of perflab, vLLM/],
    ["an empty file", "", /empty/],
    ["cut off", '{"ttfts": [0.1, ', /JSON, to its end/],
    ["damaged", '{"ttfts":[0.1],"itls":[[0.1]],"output_lens":["two"]}', /looks like vLLM's .* output_lens\[0\]/],
  ])("says what is wrong with a file that is %s, and exits with 2", async (_, text, words) => {
    const file = join(folder, "bad.json");
    await writeFile(file, text);
    const { code, err } = await run(["compare", file, file]);
    expect(code).toBe(2);
    expect(err).toMatch(words);
  });
});

describe("what goes wrong is said, with an exit code", () => {
  test("a server that echoes the key in its error", async () => {
    const echo = await littleServer(
      (req, res) =>
        void res.writeHead(401).end(
          JSON.stringify({
            error: { message: `no such key: ${req.headers.authorization} ${String(req.headers["x-tenant"])}` },
          }),
        ),
    );
    for (const command of ["bench", "doctor"]) {
      const result = await run([
        command,
        ...["--base-url", echo.url, "--model", "m", "--header", `x-tenant: ${HEADER}`],
        ...(command === "bench" ? [...load, "--save-result", join(folder, "echo.jsonl")] : []),
      ]);
      expect(result.code).not.toBe(0);
      expect(result.out + result.err).toContain("401");
    }
    await echo.close();
  });

  test("a server that fails in the middle of a run, echoing the key", async () => {
    let asked = 0;
    const echo = await littleServer((req, res) => {
      res.writeHead(200, { "content-type": "text/event-stream" });
      if (asked++ < 4)
        return void res.end(
          'data: {"choices":[{"delta":{"content":"x"}}]}\n\ndata: {"choices":[],"usage":{"prompt_tokens":30,"completion_tokens":1}}\n\ndata: [DONE]\n\n',
        );
      res.end(`data: {"error":{"message":"refused ${req.headers.authorization}"}}\n\n`);
    });
    const files = formats.map((format) => join(folder, `failing-${format}`));
    for (const [i, format] of formats.entries()) {
      asked = 0;
      const { code, out } = await run([
        "bench",
        ...["--base-url", echo.url, "--model", "m"],
        ...load,
        ...["--save-result", files[i]!, "--format", format],
      ]);
      expect(code).toBe(1);
      expect(out).toContain("refused");
    }
    await echo.close();
  });

  test("nothing listening exits with 3, a wrong option with 2", async () => {
    expect((await run(["bench", "--base-url", "http://127.0.0.1:1", "--model", "m"])).code).toBe(3);
    expect((await run(["bench", "--base-url", endpoint.url, "--format", "excel"])).code).toBe(2);
  });
});

test("neither the key nor a secret header was said, or kept in any file", async () => {
  const kept = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), "utf8")));
  expect(kept.length).toBeGreaterThan(8);
  for (const text of [...said.flatMap(({ out, err }) => [out, err]), ...kept]) {
    expect(text).not.toContain(KEY);
    expect(text).not.toContain(HEADER);
  }
});
