/** How targets are reached from Node: base URLs as people have them, packed answers, proxies, request ids, and servers that fail now and then. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import zlib from "node:zlib";
import { afterEach, describe, expect, test, vi } from "vitest";
import fc from "fast-check";
import { warmUpMost } from "../../src/engine/benchmark/warm-up.ts";
import { requestId } from "../../src/engine/benchmark/request-id.ts";
import { endpointUrl, normalBaseUrl, serverUrl } from "../../src/endpoint/base-url.ts";
import type { EndpointTarget, MeasureOptions } from "../../src/endpoint/endpoint-target.ts";
import { nodeFailure } from "../../src/endpoint/failures.ts";
import { readModelList } from "../../src/endpoint/models.ts";
import { runDoctorFromNode } from "../../src/endpoint/node/doctor-from-node.ts";
import { listModelsFromNode } from "../../src/endpoint/node/list-models.ts";
import { measureFromNode } from "../../src/endpoint/node/measure-from-node.ts";
import { proxyFor } from "../../src/endpoint/node/proxy.ts";
import { hideSecrets } from "../../src/endpoint/secrets.ts";
import { statuses, type Run } from "../../src/engine/run.ts";
import { littleServer, sse, type LittleServer } from "./fixtures/little-server.ts";

const target = (server: LittleServer, more: Partial<EndpointTarget> = {}): EndpointTarget => ({
  label: "t",
  baseUrl: server.url,
  model: "m",
  ...more,
});

function measure(
  to: EndpointTarget,
  options: MeasureOptions & { requests?: number; prompt?: number } = {},
): Promise<Run> {
  const { requests = 4, prompt = 200, ...rest } = options;
  return measureFromNode(
    to,
    {
      arrivals: { kind: "closed", users: 2 },
      prompt: { kind: "fixed", value: prompt },
      output: { kind: "fixed", value: 3 },
      requests,
    },
    rest,
  );
}

const succeeded = (run: Run): number => [...run.requests.status].filter((s) => statuses[s] === "succeeded").length;
const chats = (server: LittleServer): LittleServer["seen"] =>
  server.seen.filter(({ path }) => path.includes("completions"));

describe("base URLs as people have them", () => {
  test.each([
    ["http://h:8000/v1", "http://h:8000/v1"],
    ["http://h:8000/v1/", "http://h:8000/v1"],
    ["http://h:8000", "http://h:8000/v1"],
    ["http://h:8000/", "http://h:8000/v1"],
    [" http://h:8000/v1 ", "http://h:8000/v1"],
    ['"http://h:8000/v1"', "http://h:8000/v1"],
    ["<http://h:8000/v1>", "http://h:8000/v1"],
    ["h:8000/v1", "http://h:8000/v1"],
    ["//h:8000/v1", "http://h:8000/v1"],
    ["localhost", "http://localhost/v1"],
    ["127.0.0.1:8000", "http://127.0.0.1:8000/v1"],
    ["api.example.com/v1", "https://api.example.com/v1"],
    ["HTTP://H:8000/v1", "http://h:8000/v1"],
    ["http://h//v1//", "http://h/v1"],
    ["http://h/team/a/v1/chat/completions", "http://h/team/a/v1"],
    ["http://h/v1/chat/completions/", "http://h/v1"],
    ["http://h/v1/completions?x=1", "http://h/v1?x=1"],
    ["http://h/v1/models", "http://h/v1"],
    ["http://h/v1/responses", "http://h/v1"],
    ["http://h/v1#top", "http://h/v1"],
    ["http://h/v1?", "http://h/v1"],
    ["http://[::1]:8000/v1", "http://[::1]:8000/v1"],
    ["[::1]:8000", "http://[::1]:8000/v1"],
    [
      "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2025-01-01-preview",
      "https://x.openai.azure.com/openai/deployments/d?api-version=2025-01-01-preview",
    ],
  ])("%s", (text, normal) => {
    expect(normalBaseUrl(text)).toBe(normal);
    expect(normalBaseUrl(normal)).toBe(normal);
  });

  test.each([
    ["http://user:pass@h/v1", /user name or password/],
    ["user:pass@h/v1", /user name or password|not a URL/],
    ["ftp://h/v1", /ftp/],
    ["http://::1:8000/v1", /brackets/],
    ["http://a b/v1", /space/],
    ["http://h:99999/v1", /not a URL/],
    ["", /not a URL/],
  ])("%s is refused in words", (text, words) => {
    expect(() => normalBaseUrl(text)).toThrow(words);
    expect(() => normalBaseUrl(text)).not.toThrow(/pass@/);
  });

  test("the query goes with every address", () => {
    const base = "http://h/openai/v1?api-version=1&b=2";
    expect(endpointUrl(base, "/models").href).toBe("http://h/openai/v1/models?api-version=1&b=2");
    expect(serverUrl(base, "/metrics").href).toBe("http://h/openai/metrics?api-version=1&b=2");
  });

  test("and with every request: models, metrics, tokenizer and load", async () => {
    const server = await littleServer((req, res) =>
      req.method === "GET" ? res.end('{"data":[{"id":"m"}]}') : sse(res, 3),
    );
    const to = target(server, { baseUrl: `${server.url}/openai/deployments/d/chat/completions?api-version=1` });
    expect(await listModelsFromNode(to)).toEqual(["m"]);
    await measure(to);
    expect((await runDoctorFromNode(to)).usable).toBe(true);
    await server.close();
    expect(server.seen.length).toBeGreaterThan(8);
    for (const { path } of server.seen) expect(path).toMatch(/^\/openai\/deployments\/d\/.*\?api-version=1$/);
  });

  test("a key in the query is as secret as one in a header", () => {
    const to = { label: "t", model: "m", baseUrl: "http://h/v1?key=AIza-secret-1&api-version=2025-01-01" };
    expect(hideSecrets("no AIza-secret-1 in 2025-01-01", to)).toBe("no [secret] in 2025-01-01");
  });
});

describe("packed answers", () => {
  const packers = {
    gzip: zlib.createGzip,
    "x-gzip": zlib.createGzip,
    deflate: zlib.createDeflate,
    br: zlib.createBrotliCompress,
    zstd: zlib.createZstdCompress,
    "raw deflate": zlib.createDeflateRaw,
  } as const;
  test.each(Object.keys(packers) as (keyof typeof packers)[])(
    "%s: streams, lists and errors are read",
    async (name) => {
      const encoding = name === "raw deflate" ? "deflate" : name;
      let refuse = false;
      const server = await littleServer((req, res) => {
        const type = req.method === "GET" ? "application/json" : "text/event-stream";
        res.writeHead(refuse ? 400 : 200, { "content-type": type, "content-encoding": encoding });
        const packer = packers[name]();
        packer.pipe(res);
        if (refuse) return void packer.end('{"error":{"message":"Too long"}}');
        if (req.method === "GET") return void packer.end('{"data":[{"id":"packed"}]}');
        const events = [0, 1, 2].map((i) => ({ choices: [{ delta: { content: ` w${i}` } }] }));
        const lines = [...events, { choices: [], usage: { prompt_tokens: 9, completion_tokens: 3 } }];
        const write = (i: number): void => {
          if (i === lines.length) return void packer.end("data: [DONE]\n\n");
          packer.write(`data: ${JSON.stringify(lines[i])}\n\n`);
          packer.flush(() => setTimeout(() => write(i + 1), 5));
        };
        write(0);
      });
      expect(await listModelsFromNode(target(server))).toEqual(["packed"]);
      const run = await measure(target(server), { warmup: 0 });
      expect(succeeded(run), JSON.stringify(run.failures)).toBe(4);
      const { first, last, outputTokens } = run.requests;
      expect([...outputTokens]).toEqual([3, 3, 3, 3]);
      // Pieces keep the times at which they were read.
      for (let i = 0; i < 4; i++) expect(last[i]).toBeGreaterThan(first[i]!);
      refuse = true;
      expect((await measure(target(server), { warmup: 0 })).failures![0]!.message).toContain("Too long");
      await server.close();
    },
  );

  test.each([
    ["gzip", "is not"],
    ["snappy", '"snappy"'],
  ])("what is not the %s that it says is a named failure", async (encoding, words) => {
    const server = await littleServer((_, res) => {
      res.writeHead(200, { "content-encoding": encoding });
      res.end("data: {}\n\n");
    });
    const run = await measure(target(server), { warmup: 0 });
    await server.close();
    expect(run.failures).toHaveLength(4);
    expect(run.failures![0]).toMatchObject({ kind: "malformed", message: expect.stringContaining(words) as string });
  });
});

describe("proxies of the environment", () => {
  const env = { HTTP_PROXY: "http://p:3128", HTTPS_PROXY: "p:3129", ALL_PROXY: "socks5://s:1", NO_PROXY: "" };
  test.each([
    ["http://h/v1", env, "HTTP_PROXY"],
    ["https://h/v1", env, "HTTPS_PROXY"],
    ["https://h/v1", { https_proxy: "http://q:1", HTTPS_PROXY: "http://p:1" }, "https_proxy"],
    ["https://h/v1", { ALL_PROXY: "http://p:1" }, "ALL_PROXY"],
    ["https://h/v1", { HTTP_PROXY: "http://p:1" }, undefined],
    ["http://localhost:1/v1", env, undefined],
    ["http://127.0.0.1:1/v1", env, undefined],
    ["http://127.9.9.9:1/v1", env, undefined],
    ["http://[::1]:1/v1", env, undefined],
    ["http://a.example.com/v1", { ...env, NO_PROXY: "b.c, .example.com" }, undefined],
    ["http://example.com/v1", { ...env, NO_PROXY: ".example.com" }, undefined],
    ["http://myexample.com/v1", { ...env, NO_PROXY: "example.com" }, "HTTP_PROXY"],
    ["http://h:8000/v1", { ...env, no_proxy: "h:8000" }, undefined],
    ["http://h:8001/v1", { ...env, no_proxy: "h:8000" }, "HTTP_PROXY"],
    ["http://10.1.2.3/v1", { ...env, NO_PROXY: "10.0.0.0/8" }, undefined],
    ["http://11.1.2.3/v1", { ...env, NO_PROXY: "10.0.0.0/8" }, "HTTP_PROXY"],
    ["http://h/v1", { ...env, NO_PROXY: "*" }, undefined],
    ["http://h/v1", { http_proxy: "" }, undefined],
  ])("%s with %o goes through %s", (url, variables, variable) => {
    expect(proxyFor(new URL(url), variables as Record<string, string>)?.variable).toBe(variable);
  });

  test("one that can't be used is named, with the reason, and never its password", () => {
    const choice = proxyFor(new URL("https://h/v1"), { ALL_PROXY: "socks5://me:hush@s:1" });
    expect(choice).toEqual({ variable: "ALL_PROXY", ignored: "only http and https proxies can be used" });
  });

  afterEach(() => void vi.unstubAllEnvs());

  test("the load goes through it, the run and the doctor say so", async () => {
    const asked: string[] = [];
    const proxy = http.createServer((req, res) => {
      asked.push(`${req.method} ${req.url}`);
      req.resume();
      if (req.method === "GET") return void res.end('{"data":[{"id":"m"}]}');
      sse(res, 3);
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    vi.stubEnv("http_proxy", `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    const to = { label: "t", baseUrl: "http://model.invalid/v1", model: "m" };
    const run = await measure(to);
    const report = await runDoctorFromNode(to);
    proxy.closeAllConnections();
    proxy.close();
    expect(succeeded(run)).toBe(4);
    expect(run.measurement!.proxy).toEqual({ variable: "http_proxy" });
    expect(asked.filter((line) => line === "POST http://model.invalid/v1/chat/completions").length).toBeGreaterThan(6);
    expect(report.findings.map(({ id }) => id)).toContain("proxy");
  });
});

describe("request ids", () => {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/;
  test("are UUIDs, different in every request, that the run can be joined by", async () => {
    const server = await littleServer((_, res) => sse(res, 3));
    const run = await measure(target(server));
    await server.close();
    const ids = chats(server).map(({ headers }) => String(headers["x-request-id"]));
    for (const id of ids) expect(id).toMatch(uuid);
    expect(new Set(ids).size).toBe(ids.length);
    for (let i = 0; i < 4; i++) expect(ids).toContain(requestId(run.measurement!.salt, i));
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (salt, request) => uuid.test(requestId(salt, request))),
      { numRuns: 200 },
    );
  });

  test("the user's own header wins", async () => {
    const server = await littleServer((_, res) => sse(res, 3));
    await measure(target(server, { headers: { "X-Request-ID": "mine", "Accept-Encoding": "br" } }));
    await server.close();
    for (const { headers } of chats(server)) {
      expect(headers["x-request-id"]).toBe("mine");
      expect(headers["accept-encoding"]).toBe("br");
    }
  });

  test("are left out where the server refuses them, and run and doctor say so", async () => {
    const server = await littleServer((req, res) => {
      if (req.method === "GET") return void res.end('{"data":[{"id":"m"}]}');
      if (req.headers["x-request-id"] !== undefined) return void res.writeHead(400).end();
      sse(res, 3);
    });
    const run = await measure(target(server));
    const report = await runDoctorFromNode(target(server));
    await server.close();
    expect(succeeded(run)).toBe(4);
    expect(run.measurement!.withoutRequestId).toBe(true);
    expect(report.usable).toBe(true);
    expect(report.findings.map(({ id }) => id)).toContain("request-id-refused");
  });
});

describe("a server that fails now and then", () => {
  test("is warmed up by trying again, and the run tells how often", async () => {
    let calls = 0;
    const server = await littleServer((req, res) => {
      if (req.method === "GET" || req.url === "/tokenize") return void res.writeHead(404).end();
      if (calls++ < 3) return void res.writeHead(500).end('{"error":"flaky"}');
      sse(res, 3);
    });
    const run = await measure(target(server));
    await server.close();
    expect(succeeded(run)).toBe(4);
    expect(run.measurement!.warmupFailed).toBe(3);
    expect(chats(server)).toHaveLength(run.measurement!.warmup + 4);
    expect(run.measurement!.warmupTokens).toBeGreaterThan(0);
  });

  test("one that fails its answers is measured all the same: nothing but failures", async () => {
    const server = await littleServer((_, res) => {
      res.writeHead(200, { "content-type": "text/event-stream" });
      res.end('data: {"choices":[{"delta":{"content":"a"},"finish_reason":"abort"}]}\n\ndata: [DONE]\n\n');
    });
    const run = await measure(target(server));
    await server.close();
    expect(succeeded(run)).toBe(0);
    expect(run.failures).toHaveLength(4);
  });

  test("one that is down for good is given up, after a bounded number of tries", async () => {
    const server = await littleServer((_, res) => void res.writeHead(500).end('{"error":"gone"}'));
    await expect(measure(target(server))).rejects.toThrow(/gone.*All 7 warm-up requests failed/);
    await server.close();
    expect(chats(server).length).toBeLessThanOrEqual(warmUpMost(4, 2).requests);
  });

  test("a refusal for good is not tried again", async () => {
    const server = await littleServer((_, res) => void res.writeHead(401).end());
    await expect(measure(target(server))).rejects.toThrow(/401/);
    await server.close();
    expect(chats(server)).toHaveLength(1);
  });
});

test("never more is sent than the plan and the warm-ups that the run tells of, whatever fails", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("ok", "500", "reset", "abort", "429"), { minLength: 30, maxLength: 30 }),
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: 1, max: 16 }),
      async (script, warmup, budget) => {
        let calls = 0;
        const server = await littleServer((req, res) => {
          if (req.method === "GET" || req.url === "/tokenize") return void res.writeHead(404).end();
          const fate = script[calls++ % script.length];
          if (fate === "500" || fate === "429") return void res.writeHead(Number(fate)).end();
          if (fate === "reset") return void req.socket.destroy();
          if (fate === "ok") return void sse(res, 3);
          res.writeHead(200).end('data: {"choices":[{"delta":{"content":"a"},"finish_reason":"abort"}]}\n\n');
        });
        const run = await measure(target(server), { warmup, requests: 8, budget: { requests: budget } }).catch(
          () => undefined,
        );
        await server.close();
        const sent = chats(server).length;
        const resent = run?.measurement?.resent ?? 0;
        expect(sent).toBeLessThanOrEqual(Math.min(budget, warmUpMost(warmup, 2).requests + 8 + resent));
        if (!run) return;
        const started = run.requests.started.filter((t) => !Number.isNaN(t)).length;
        expect(sent).toBe(run.measurement!.warmup + started + resent);
      },
    ),
    { numRuns: 25 },
  );
}, 120_000);

describe("prompt lengths", () => {
  test("are equal in every run, and as asked, by a tokenizer that spends differently on every word", async () => {
    const cost = (word: string): number => 1 + (word.charCodeAt(0) % 3);
    const tokensOf = (content: string): number => 11 + content.split(" ").reduce((sum, word) => sum + cost(word), 0);
    const lengthsOf = async (): Promise<number[]> => {
      const lengths = new Map<string, number>();
      const server = await littleServer((req, res, body) => {
        if (req.method === "GET" || req.url === "/tokenize") return void res.writeHead(404).end();
        const { messages } = JSON.parse(body) as { messages: { content: string }[] };
        const prompt = tokensOf(messages[0]!.content);
        lengths.set(String(req.headers["x-request-id"]), prompt);
        res.writeHead(200, { "content-type": "text/event-stream" });
        res.end(
          `data: {"choices":[{"delta":{"content":"a"},"finish_reason":"length"}]}\n\ndata: {"choices":[],"usage":{"prompt_tokens":${prompt},"completion_tokens":1}}\n\n`,
        );
      });
      const run = await measure(target(server), { prompt: 512 });
      await server.close();
      return [0, 1, 2, 3].map((i) => lengths.get(requestId(run.measurement!.salt, i))!);
    };
    const once = await lengthsOf();
    expect(await lengthsOf()).toEqual(once);
    for (const length of once) expect(Math.abs(length - 512)).toBeLessThan(512 * 0.02);
  });
});

describe("what a server and this machine say", () => {
  test.each([401, 403])("a list refused with %i is refused in the server's words", (status) => {
    expect(() => readModelList(status, "This server answers to its loopback address only.")).toThrow(
      /loopback address only/,
    );
  });

  test.each(["EMFILE", "ENFILE", "EADDRNOTAVAIL", "ENOBUFS"])(
    "%s is this machine's limit, not the server's",
    (code) => {
      expect(nodeFailure(Object.assign(new Error(code), { code }))).toMatchObject({
        kind: "client-limit",
        message: expect.stringMatching(/This machine.*says nothing about the server/) as string,
      });
    },
  );

  test("a wrong path is told from a missing model", async () => {
    const ids = async (body: string, path = "/v1"): Promise<string[]> => {
      const server = await littleServer((req, res) => {
        if (req.url === "/v1/models") return void res.end('{"data":[{"id":"m"}]}');
        res.writeHead(404).end(body);
      });
      const report = await runDoctorFromNode(target(server, { baseUrl: server.url + path }));
      await server.close();
      return report.findings.map(({ id }) => id);
    };
    expect(await ids("<html><h1>404 Not Found</h1></html>", "/nothing")).toEqual(["not-an-api"]);
    expect(await ids("<html><h1>404 Not Found</h1></html>")).toEqual(["not-an-api"]);
    expect(await ids('{"error":{"message":"The model `m` does not exist."}}')).toEqual(["model-not-found"]);
  });

  test("an answer that begins and fails is a finding of its own", async () => {
    const server = await littleServer((req, res) => {
      if (req.method === "GET") return void res.end('{"data":[{"id":"m"}]}');
      res.end('data: {"choices":[{"delta":{"content":"a"},"finish_reason":"error"}]}\n\n');
    });
    const report = await runDoctorFromNode(target(server));
    await server.close();
    expect(report.findings.map(({ id }) => id)).toEqual(["failed-answer"]);
  });
});
