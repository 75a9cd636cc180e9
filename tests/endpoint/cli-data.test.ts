/** Options checked before anything is sent, and prompts and traces of the user's own. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { readPrompts } from "../../src/server/commands/prompt-file.ts";
import { readTrace } from "../../src/server/commands/trace-file.ts";
import { perflab } from "./cli.ts";

interface Asked {
  readonly content: string;
  readonly maxTokens: number;
  readonly authorization: string | undefined;
}

let server: Server;
let url = "";
let folder = "";
let asked: Asked[] = [];
/** Anything at all, models list included. */
let reached = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "perflab-data-"));
  server = createServer((req, res) => {
    reached++;
    let text = "";
    req.on("data", (part: Buffer) => (text += part.toString()));
    req.on("end", () => {
      if (!req.url!.endsWith("/chat/completions")) return void res.writeHead(404).end();
      const body = JSON.parse(text) as { messages: { content: string }[]; max_tokens: number };
      const { authorization } = req.headers;
      asked.push({ content: body.messages.at(-1)!.content, maxTokens: body.max_tokens, authorization });
      res.writeHead(200, { "content-type": "text/event-stream" });
      const chunk = { choices: [{ index: 0, delta: { content: "x" }, finish_reason: "stop" }] };
      const usage = { choices: [], usage: { prompt_tokens: 9, completion_tokens: 1 } };
      res.end(`data: ${JSON.stringify(chunk)}\n\ndata: ${JSON.stringify(usage)}\n\ndata: [DONE]\n\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  asked = [];
  reached = 0;
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

const bench = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  perflab(["bench", "--base-url", url, "--model", "m", "--num-warmups", "0", "--concurrency", "1", ...args], env);

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe("an option that can't be used is refused before anything is sent", () => {
  test.each([
    [["--metric-percentiles", "50,101"], "101 is no percentile"],
    [["--save-result", "/nonexistent/x.jsonl"], "the folder /nonexistent does not exist"],
    [["--save-result", "."], "is a folder"],
    [["--extra-body", "[1]"], "--extra-body must be a JSON object"],
    [["--goodput", "ttft:200", "tpot"], "--goodput tpot: write"],
    [["--format", "csv"], "--format"],
    [["--header", "x y: 1"], "can't be sent as a header"],
    [["--api-key", "sk-\n1"], "can't be sent as a header"],
    [["--dataset-path", "/nonexistent/p.jsonl"], "can't be read"],
    [["--trace", "azure-code-2023"], "brings its own arrivals"],
  ])("%j", async (args, words) => {
    const { code, err } = await bench(args);
    expect(err).toContain(words);
    expect(err).not.toContain("sk-");
    expect(code).toBe(2);
    expect(reached).toBe(0);
  });

  test("vLLM's way to write bounds is taken", async () => {
    const { code, out } = await bench(["--num-prompts", "2", "--json", "--goodput", "ttft:60000", "e2el:60000"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ goodput: { attainment: 1 } });
  });
});

describe("prompts of the user's own are sent as they are", () => {
  const sharegpt = [
    {
      id: "a",
      conversations: [
        { from: "human", value: "hi" },
        { from: "gpt", value: "12345678" },
      ],
    },
    { id: "b", conversations: [] },
    {
      conversations: [
        { from: "system", value: "s" },
        { from: "human", value: "Größe?" },
      ],
    },
  ];
  test.each([
    [
      "vllm.jsonl",
      '{"prompt": "one", "output_tokens": 7}\n\n{"prompt": "two"}\n',
      [
        ["one", 7],
        ["two", 5],
      ],
    ],
    [
      "aiperf.jsonl",
      '{"text": "one"}\n{"text": "two"}',
      [
        ["one", 5],
        ["two", 5],
      ],
    ],
    ["chat.jsonl", '{"messages": [{"role": "user", "content": "one"}]}', [["one", 5]]],
    [
      "share.json",
      JSON.stringify(sharegpt, null, 1),
      [
        ["hi", 2],
        ["Größe?", 5],
      ],
    ],
    [
      "list.json",
      '["one", "two"]',
      [
        ["one", 5],
        ["two", 5],
      ],
    ],
    [
      "sheet.csv",
      'prompt,output_tokens\r\n"one, ""two""\nthree",3\r\nfour,\r\n',
      [
        ['one, "two"\nthree', 3],
        ["four", 5],
      ],
    ],
  ] as const)("from %s", async (name, content, expected) => {
    const { prompts } = await readPrompts(await file(name, content));
    expect(prompts.map(({ text, outputTokens }) => [text, outputTokens ?? 5])).toEqual(expected);
  });

  test("each as its own request, with the length of its answer", async () => {
    const path = await file("sent.json", JSON.stringify(sharegpt));
    const { code, err } = await bench(["--dataset-path", path, "--num-prompts", "3", "--random-output-len", "5"]);
    expect(err).toContain("a warm prefix cache counts");
    expect(err).toContain("1 rows have none");
    expect(code).toBe(0);
    expect(asked.map(({ content: text, maxTokens }) => [text, maxTokens])).toEqual([
      ["hi", 2],
      ["Größe?", 5],
      ["hi", 2],
    ]);
  });

  test("in UTF-16, as a spreadsheet saves", async () => {
    const path = await file(
      "utf16.csv",
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("prompt\r\nGröße\r\n", "utf16le")]),
    );
    expect((await readPrompts(path)).prompts.map(({ text }) => text)).toEqual(["Größe"]);
  });

  test.each([
    ["no.jsonl", '{"id": 1}\n', "has no prompt among its fields id"],
    ["bad.jsonl", '{"prompt": "a"}\n{"prompt"\n', "line 2: not JSON"],
    ["open.csv", 'prompt\n"never ends\n', "a quoted value that never ends"],
    ["empty.csv", "", "is empty"],
  ])("%s is refused in words", async (name, content, words) => {
    await expect(readPrompts(await file(name, content))).rejects.toThrow(words);
  });

  test("made ones are new in every run, and the same under --same-prompts", async () => {
    const texts = async (...args: string[]) => {
      asked = [];
      await bench(["--num-prompts", "3", "--random-input-len", "30", ...args]);
      return asked.map(({ content }) => content);
    };
    expect(await texts()).not.toEqual(await texts());
    const same = await texts("--same-prompts");
    expect(same).toHaveLength(3);
    expect(await texts("--same-prompts")).toEqual(same);
    expect(await texts("--same-prompts", "--seed", "1")).not.toEqual(same);
  });
});

describe("recorded traffic", () => {
  const open = (args: readonly string[]) =>
    perflab(["bench", "--base-url", url, "--model", "m", "--num-warmups", "0", "--json", ...args]);

  test.each([
    [
      "azure.csv",
      "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,40,4\n2023-11-16 18:17:03.9899600,60,8\n",
    ],
    ["plain.csv", "arrival,prompt,output\n7.01,60,8\n7,40,4\n"],
    ["plain.jsonl", '{"arrival": 0, "prompt": 40, "output": 4}\n{"arrival": 0.01, "prompt": 60, "output": 8}\n'],
    [
      "mooncake.jsonl",
      '{"timestamp": 27482, "input_length": 40, "output_length": 4}\n{"timestamp": 27492, "input_length": 60, "output_length": 8}\n',
    ],
  ])("of %s is read: arrivals from the first on, prompts and answers as long as recorded", async (name, content) => {
    const { table } = await readTrace(await file(name, content));
    expect([...table.at].map((at) => Math.round(at * 1e6))).toEqual([0, 10_000]);
    expect([[...table.prompt], [...table.output]]).toEqual([
      [40, 60],
      [4, 8],
    ]);
  });

  test("Mooncake's hash ids are prefixes that prompts share", async () => {
    const line = (ids: number[]) =>
      JSON.stringify({ timestamp: 0, input_length: 600, output_length: 1, hash_ids: ids });
    await open(["--trace", await file("hashes.jsonl", `${line([1, 2])}\n${line([1, 3])}\n`)]);
    const [a, b] = asked.map(({ content }) => content.split(" "));
    expect(a!.slice(0, 500)).toEqual(b!.slice(0, 500));
    expect(a).not.toEqual(b);
  });

  test.each([
    ["names.csv", "a,b\n1,2\n", "has the columns a, b; it needs arrival"],
    ["names.csv", "a,b\n1,2\n", "or BurstGPT's Timestamp, Request tokens, Response tokens, or Vidur's arrived_at"],
    ["value.csv", "arrival,prompt,output\n0,x,1\n", 'row 1, prompt is "x"'],
    ["date.csv", "TIMESTAMP,ContextTokens,GeneratedTokens\nsoon,1,1\n", 'row 1, timestamp is "soon"'],
  ])("%s is refused in words", async (name, content, said) => {
    await expect(readTrace(await file(name, content))).rejects.toThrow(said);
  });
});

describe("the key", () => {
  test("of OPENAI_API_KEY is used where none of ours is given, and said without showing it", async () => {
    const { err } = await bench(["--num-prompts", "1"], { OPENAI_API_KEY: "sk-theirs" });
    expect(asked[0]!.authorization).toBe("Bearer sk-theirs");
    expect(err).toContain("using the key in OPENAI_API_KEY");
    expect(err).not.toContain("sk-theirs");
  });
  test("of ours goes first, and so does a header", async () => {
    await bench(["--num-prompts", "1"], { OPENAI_API_KEY: "sk-theirs", PERFLAB_API_KEY: "sk-ours" });
    await bench(["--num-prompts", "1", "--header", "Authorization: Token t"], { OPENAI_API_KEY: "sk-theirs" });
    expect(asked.map(({ authorization }) => authorization)).toEqual(["Bearer sk-ours", "Token t"]);
  });
});

test("the command says its version, and what the catalogue holds", async () => {
  expect((await perflab(["--version"])).out).toMatch(/^perflab \d+\.\d+\.\d+\n$/);
  const { out, code } = await perflab(["estimate", "--list", "H100"]);
  expect([out.includes("h100-sxm-80"), out.includes("llama"), code]).toEqual([true, false, 0]);
  expect((await perflab(["estimate", "--gpu", "h100-sxm-80"])).code).toBe(2);
});
