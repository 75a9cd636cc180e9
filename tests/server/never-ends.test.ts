import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/engine/random.ts";
import { guarded } from "../../src/server/http/sturdy-server.ts";
import { createPairing } from "../../src/server/pairing.ts";
import { createRunnerApi, type RunnerApi } from "../../src/server/runner/api.ts";
import { serve, type LocalServer } from "../../src/server/serve.ts";
import { startSimulatedEndpoint, type SimulatedEndpoint } from "../../src/server/simulated/endpoint.ts";
import { createSite } from "../../src/server/site.ts";
import { raw } from "./http.ts";

/** An error that nothing catches would end a server's process; here it fails the test, since vitest counts it. */
const folder = mkdtempSync(join(tmpdir(), "perflab-sturdy-"));
const dist = join(folder, "dist");
const lines: string[] = [];
const log = (line: string) => void lines.push(line);
let plain: LocalServer;
let open: LocalServer;
let endpoint: SimulatedEndpoint;
let runner: RunnerApi;

function build(): void {
  mkdirSync(join(dist, "_astro"), { recursive: true });
  writeFileSync(join(dist, "index.html"), "home");
  writeFileSync(join(dist, "404.html"), "lost");
  writeFileSync(join(dist, "_astro", "big.Ab3dEf9x.js"), "x".repeat(3e6));
}

beforeAll(async () => {
  build();
  runner = createRunnerApi();
  const common = { port: 0, version: "0", simulatedEndpoint: null, runner, log };
  const site = createSite(dist, "/", log);
  plain = await serve({ ...common, open: false, pairing: createPairing(() => {}), site });
  open = await serve({ ...common, open: true, pairing: createPairing(() => {}), site });
  endpoint = await startSimulatedEndpoint({ fixed: { ttft: 0, itl: 0.001 }, log });
});
afterEach(() => void (lines.length = 0));
afterAll(async () => {
  await plain.close();
  await open.close();
  await endpoint.close();
  rmSync(folder, { recursive: true });
});

/** Writes bytes as they are, and gives what came back until the server closed or half a second was silent. */
function talk(port: number, bytes: string | Buffer, o: { abort?: boolean; half?: boolean } = {}): Promise<string> {
  return new Promise((resolve) => {
    let said = "";
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(bytes);
      if (o.half) socket.end();
      if (o.abort) setImmediate(() => socket.resetAndDestroy());
    });
    socket.setTimeout(500, () => socket.destroy());
    socket.on("data", (part: Buffer) => (said += part.toString("latin1")));
    socket.on("error", () => {});
    socket.on("close", () => resolve(said));
  });
}

const status = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);

describe("a request that can't be understood gets a status", () => {
  const targets = [
    "//",
    "///evil.example",
    "//[",
    "/\\",
    "*",
    "http://[",
    "http://evil.example/",
    "http://",
    "/%",
    "/%00",
    "/%c3%28",
    "/a%2f..%2f..%2fpackage.json",
    "/../../package.json",
    "/?token=%",
    "//?token=x",
    "/api//",
    "/api/runner/",
    "/api/runner/constructor",
    "/api/%",
    "/v1//models",
    "/log/%00",
    "/log/__proto__",
    `/${"a".repeat(9000)}`,
    `/${"a/".repeat(4000)}`,
  ];
  it.each(targets)("GET %s", async (target) => {
    for (const { port } of [plain, open, endpoint])
      for (const host of [`127.0.0.1:${port}`, "192.0.2.7:4321", "evil.example", "[::1", ""]) {
        const said = await talk(port, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
        expect(status(said), `${target} with Host ${host}`).toBeGreaterThanOrEqual(200);
        expect(status(said)).toBeLessThan(500);
      }
  });

  it("and neither a tunnel, nor a broken or huge header, nor no HTTP at all, goes without one", async () => {
    for (const { port } of [plain, open, endpoint]) {
      expect(status(await talk(port, "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n"))).toBe(405);
      expect(status(await talk(port, `GET / HTTP/1.1\r\nHost: x\r\nX: ${"a".repeat(64_000)}\r\n\r\n`))).toBe(431);
      expect(status(await talk(port, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"))).toBe(400);
      expect(status(await talk(port, "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"))).toBe(400);
    }
    expect(lines.some((line) => line.includes("CONNECT"))).toBe(true);
    expect(lines.some((line) => line.startsWith("431"))).toBe(true);
  });

  it("a foreign Host is refused and logged, without its query", async () => {
    await talk(open.port, "GET //x?token=SECRET HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    expect(lines).toEqual(["403 GET //x: not a name of this server: evil.example"]);
  });
});

describe("a range that makes no sense", () => {
  it.each(["bytes=5-2", "bytes=-0", "bytes=99999999-", "bytes=a-b", "bytes=0-1,3-2", "bytes=-", "lines=1-2"])(
    "%s is answered",
    async (range) => {
      const answer = await raw(plain.url, { path: "/", headers: { range } });
      expect([200, 206, 416]).toContain(answer.status);
    },
  );
});

describe("the site while it is built again", () => {
  it("says that a page is gone when its file is, and shows what has come", async () => {
    expect((await raw(plain.url, { path: "/" })).text).toBe("home");
    rmSync(dist, { recursive: true });
    expect((await raw(plain.url, { path: "/" })).status).toBe(404);
    expect((await raw(plain.url, { path: "/_astro/big.Ab3dEf9x.js" })).status).toBe(404);
    build();
    writeFileSync(join(dist, "new.html"), "new");
    expect((await raw(plain.url, { path: "/new.html" })).text).toBe("new");
    expect((await raw(plain.url, { path: "/" })).text).toBe("home");
  });

  it("outlives files that come and go under requests for them", async () => {
    const asked = Array.from({ length: 60 }, async (_, i) => {
      if (i % 6 === 3) rmSync(dist, { recursive: true, force: true });
      if (i % 6 === 5) build();
      const { status: code } = await raw(plain.url, { path: i % 2 ? "/" : "/_astro/big.Ab3dEf9x.js" }).catch(() => ({
        status: 0,
      }));
      return code;
    });
    // 0: the file went away in the middle of an answer.
    for (const code of await Promise.all(asked)) expect([0, 200, 404]).toContain(code);
    build();
    expect((await raw(plain.url, { path: "/" })).text).toBe("home");
  });
});

describe("whatever a handler does", () => {
  const answerOf = async (answer: Parameters<typeof guarded>[0]) => {
    const { createServer } = await import("node:http");
    const server = createServer(guarded(answer, log));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const said = await talk(port, "GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    server.closeAllConnections();
    server.close();
    return said;
  };

  it("a throw and a rejection are a 500 and a line of the log", async () => {
    const thrown = await answerOf(() => {
      throw new Error("thrown");
    });
    expect(status(thrown)).toBe(500);
    expect(status(await answerOf(() => Promise.reject(new Error("rejected"))))).toBe(500);
    expect(lines).toEqual(["500 GET /x: thrown", "500 GET /x: rejected"]);
  });

  it("an error that has no text, too", async () => {
    expect(status(await answerOf(() => Promise.reject(Object.create(null))))).toBe(500);
  });

  it("a write after the end is a line of the log", async () => {
    await answerOf((_req, res) => {
      res.end("done");
      res.write("more");
    });
    expect(lines.join()).toContain("write after end");
  });
});

describe("fuzzed", () => {
  const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "get", "\0", "G T"];
  const PATHS = ["/", "//", "*", "/api/hello", "/api/pair", "/api/runner/run", "/api/runner/stream", "/api/runner/key"];
  const ENDPOINT = [
    "/v1/models",
    "/v1/chat/completions",
    "/v1/completions",
    "/tokenize",
    "/control",
    "/log",
    "/metrics",
  ];
  const HEADERS = [
    "Host",
    "Origin",
    "Range",
    "Cookie",
    "Expect",
    "Transfer-Encoding",
    "Content-Length",
    "Content-Type",
  ];
  const MORE = ["Content-Encoding", "X-Request-Id", "X-Simulate-Fault", "If-None-Match", "Upgrade", "Connection"];
  const VALUES = ["", "127.0.0.1", "[::1]", "null", "chunked", "gzip", "5", "-1", "1e9", "100-continue", "websocket"];
  const BODIES = [
    "",
    "{}",
    "[]",
    "null",
    "{",
    '{"messages":[{"role":"user","content":"x"}],"stream":true}',
    "5\r\nhello\r\n0\r\n\r\n",
  ];

  /** A request drawn by the seed: mostly nearly right, since nonsense is refused at the door. */
  function drawn(random: Random): Buffer {
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random.uniform() * list.length)]!;
    const noise = (most: number) =>
      Array.from({ length: Math.floor(random.uniform() * most) }, () =>
        String.fromCharCode(Math.floor(random.uniform() * 256)),
      ).join("");
    const path =
      pick([...PATHS, ...ENDPOINT]) +
      (random.uniform() < 0.4 ? pick(["%", "%00", "/..", "?", "?token=", "#", noise(30)]) : "");
    const body = random.uniform() < 0.2 ? noise(200) : pick(BODIES);
    const head = [`${pick(METHODS)} ${path} HTTP/1.${random.uniform() < 0.9 ? 1 : pick([0, 2, "x"])}`];
    if (random.uniform() < 0.8) head.push(`Host: 127.0.0.1:${pick([plain, open, endpoint]).port}`);
    if (random.uniform() < 0.7) head.push("Content-Type: application/json", `Content-Length: ${body.length}`);
    for (let i = 0; i < 3; i++)
      if (random.uniform() < 0.5)
        head.push(`${pick([...HEADERS, ...MORE])}: ${random.uniform() < 0.7 ? pick(VALUES) : noise(40)}`);
    return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`, "latin1");
  }

  it("request lines, headers, bodies, pipelines, half-open and broken sockets leave every server answering", async () => {
    const random = new Random(20261127);
    for (let round = 0; round < 40; round++) {
      await Promise.all(
        [plain, open, endpoint].flatMap(({ port }) =>
          Array.from({ length: 6 }, () => {
            let bytes = drawn(random);
            if (random.uniform() < 0.2) bytes = Buffer.concat([bytes, drawn(random), drawn(random)]);
            if (random.uniform() < 0.15) bytes = bytes.subarray(0, Math.floor(random.uniform() * bytes.length));
            return talk(port, bytes, { abort: random.uniform() < 0.25, half: random.uniform() < 0.7 });
          }),
        ),
      );
    }
    expect((await raw(`${plain.url}/`)).text).toBe("home");
    expect((await raw(`${open.url}/`)).text).toBe("home");
    expect((await raw(`${endpoint.url}/v1/models`)).status).toBe(200);
    expect(lines.filter((line) => line.startsWith("500"))).toEqual([]);
  }, 120_000);
});
