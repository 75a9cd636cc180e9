/** More than a server can take, clients that never finish, and an end in the middle of it: refused in words, let go, and finished. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { createServer, request, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { startSturdyServer, type SturdyServer } from "../../src/server/http/sturdy-server.ts";
import { virtualClock } from "../../src/server/simulated/clock.ts";
import { startSimulatedEndpoint, type SimulatedEndpoint } from "../../src/server/simulated/endpoint.ts";
import { perflab } from "../endpoint/cli.ts";
import { events, raw } from "./http.ts";

const servers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
const lines: string[] = [];
const log = (line: string) => void lines.push(line);

async function endpoint(options: Parameters<typeof startSimulatedEndpoint>[0]): Promise<SimulatedEndpoint> {
  const started = await startSimulatedEndpoint({ log, ...options });
  servers.push(started);
  return started;
}

const TOKENS = 5;
const ask = (url: string) =>
  raw(`${url}/v1/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ prompt: "one two three", max_tokens: TOKENS, ignore_eos: true, stream: true }),
  });
const tokensOf = (text: string) => events(text).filter(({ choices }) => choices.length > 0).length;

test("a thousand streams at once each get every token", async () => {
  const clock = virtualClock();
  const { url } = await endpoint({ fixed: { ttft: 0.1, itl: 0.1 }, clock });
  const asked = Array.from({ length: 1000 }, () => ask(url));
  await expect.poll(async () => (await raw(`${url}/load`)).text, { timeout: 30_000 }).toBe('{"server_load":1000}');
  clock.run(60);
  const answers = await Promise.all(asked);
  expect(new Set(answers.map(({ status, text }) => `${status} ${tokensOf(text)} ${text.includes("[DONE]")}`))).toEqual(
    new Set([`200 ${TOKENS} true`]),
  );
});

test("ten times its capacity is refused with 503 and when to ask again; what was taken is finished, and the next is taken", async () => {
  const capacity = 8;
  const server = {
    model: "llama-3.1-8b",
    gpu: "h100-sxm-80",
    scheduler: { maxNumSeqs: capacity / 2, maxWaiting: capacity / 2 },
  };
  const { url } = await endpoint({ server, timeScale: 0.2 });
  const answers = await Promise.all(Array.from({ length: 10 * capacity }, () => ask(url)));
  const [taken, refused] = [200, 503].map((wanted) => answers.filter(({ status }) => status === wanted));
  expect(taken!.length + refused!.length).toBe(10 * capacity);
  expect(taken!.length).toBeGreaterThanOrEqual(capacity / 2);
  expect(refused!.length).toBeGreaterThanOrEqual(capacity);
  for (const { text } of taken!) expect(text).toContain("[DONE]");
  for (const { headers, text } of refused!) {
    expect(headers["retry-after"]).toBe("1");
    expect(text).toContain("the waiting queue is full");
  }
  expect((await ask(url)).status).toBe(200);
});

test("an output that can't be written is a failure that says so", async () => {
  const full = await open("/dev/full", "w");
  const child = spawn(process.execPath, ["src/server/cli.ts", "estimate", "--model", "llama-3.1-8b", "--gpu", "l4"], {
    stdio: ["ignore", full.fd, "pipe"],
  });
  let said = "";
  child.stderr!.on("data", (part: Buffer) => (said += part.toString()));
  const [code] = (await once(child, "close")) as [number];
  await full.close();
  expect([code, said]).toEqual([1, expect.stringMatching(/could not be written: ENOSPC/)]);
});

/** A server whose answers wait until they are let go. */
async function holding(limits?: Parameters<typeof startSturdyServer>[4]) {
  const held: ServerResponse[] = [];
  let told = (): void => {};
  const server: SturdyServer = await startSturdyServer(
    0,
    "127.0.0.1",
    log,
    () => (_req, res) => {
      held.push(res);
      told();
    },
    limits,
  );
  servers.push(server);
  return {
    server,
    url: `http://127.0.0.1:${server.port}`,
    held: async (n: number) => {
      while (held.length < n) await new Promise<void>((resolve) => (told = resolve));
    },
    letGo: () => held.splice(0).forEach((res) => res.end("ok")),
  };
}

test("a server that answers as many requests as it can refuses the next, and takes one when one has ended", async () => {
  const { url, held, letGo } = await holding({ requests: 3, headers: 20_000, request: 20_000 });
  const first = [1, 2, 3].map(() => raw(url));
  await held(3);
  const refused = await raw(url);
  expect([refused.status, refused.headers["retry-after"]]).toEqual([503, "1"]);
  letGo();
  expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200, 200]);
  const next = raw(url);
  await held(1);
  letGo();
  expect((await next).status).toBe(200);
});

test("a client that dribbles its headers is let go with 408, and others are answered meanwhile", async () => {
  const { server, url, held, letGo } = await holding({ requests: 10, headers: 200, request: 400 });
  const slow = connect(server.port, "127.0.0.1");
  let said = "";
  slow.on("data", (part: Buffer) => (said += part.toString()));
  slow.on("error", () => {});
  slow.write("GET / HTTP/1.1\r\nHost: x\r\n");
  const dribble = setInterval(() => slow.writable && slow.write("X-A: 1\r\n"), 20);
  const other = raw(url);
  await held(1);
  letGo();
  expect((await other).status).toBe(200);
  await once(slow, "close");
  clearInterval(dribble);
  expect(said).toContain("408");
});

test("clients that leave in the middle free their places", async () => {
  const { url, log: emitted } = await endpoint({ fixed: { ttft: 0.01, itl: 30 } });
  const left = Array.from({ length: 20 }, () => {
    const req = request(`${url}/v1/completions`, { method: "POST", agent: false });
    req.on("error", () => {});
    req.on("response", (res) => {
      res.on("error", () => {});
      res.once("data", () => res.destroy());
    });
    req.end(JSON.stringify({ prompt: "one", max_tokens: 50, ignore_eos: true, stream: true }));
    return once(req, "close");
  });
  await Promise.all(left);
  await expect.poll(async () => (await raw(`${url}/load`)).text).toBe('{"server_load":0}');
  expect(new Set(emitted.all().map((entry) => entry.outcome))).toEqual(new Set(["aborted"]));
});

test("draining takes nothing new, and ends when the last answer has ended", async () => {
  const { server, url, held, letGo } = await holding();
  const last = raw(url);
  await held(1);
  let over = false;
  const drained = server.drain().then(() => (over = true));
  await expect(raw(url)).rejects.toThrow(/ECONNREFUSED|ECONNRESET|hang up/);
  expect(over).toBe(false);
  letGo();
  expect((await last).text).toBe("ok");
  await drained;
});

/** `npm start` without a build, on a port of its own. */
function start(port: number) {
  const child = spawn(process.execPath, ["src/server/start.ts", "--no-build", "--port", String(port)], {
    env: { ...process.env, OUT_DIR: "tests/fixtures/site", NO_COLOR: "1" },
  });
  let said = "";
  const told = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (part: Buffer) => {
        said += part.toString();
        if (said.includes("Ctrl+C")) resolve();
      });
  });
  return { child, told, exit: once(child, "exit") as Promise<[number | null]>, said: () => said };
}

test("npm start finishes the stream that it is answering after SIGTERM, and then ends", async () => {
  const { child, told, exit, said } = start(0);
  await told;
  const url = /http:\/\/127\.0\.0\.1:\d+(?=\/v1)/.exec(said())![0];
  await raw(`${url}/control`, { method: "POST", body: JSON.stringify({ fixed: { ttft: 0.05, itl: 0.1 } }) });
  const answered = new Promise<string>((resolve) => {
    const req = request(`${url}/v1/completions`, { method: "POST" }, (res) => {
      let text = "";
      res.once("data", () => child.kill("SIGTERM"));
      res.on("data", (part: Buffer) => (text += part.toString()));
      res.on("close", () => resolve(text));
    });
    req.end(JSON.stringify({ prompt: "one", max_tokens: 8, ignore_eos: true, stream: true }));
  });
  const text = await answered;
  expect([tokensOf(text), text.includes("[DONE]")]).toEqual([8, true]);
  expect((await exit)[0]).toBe(0);
});

test("a port that is taken is said, with another to take, and nothing is left running", async () => {
  const holder = createServer().listen(0, "127.0.0.1");
  await once(holder, "listening");
  const { port } = holder.address() as AddressInfo;
  const { exit, said } = start(port);
  expect((await exit)[0]).toBe(1);
  expect(said()).toMatch(new RegExp(`Port ${port} is taken.*--port ${port + 10}`));
  holder.close();
});

test("a disk that is full costs the file and not the measurement: the table is printed, and the end is a failure", async () => {
  const { url } = await endpoint({ fixed: { ttft: 0.001, itl: 0.001 }, model: "m" });
  const { code, out, err } = await perflab([
    ...["bench", "--base-url", url, "--model", "m", "--num-prompts", "3", "--num-warmups", "0", "--concurrency", "1"],
    ...["--random-input-len", "8", "--random-output-len", "2", "--save-result", "/dev/full"],
  ]);
  expect(err).toMatch(/not kept in \/dev\/full: .*ENOSPC/);
  expect(out).toMatch(/TTFT/);
  expect(code).toBe(1);
});
