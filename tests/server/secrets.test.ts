/** A server that repeats the key and a secret header wherever it can must not get either of them past the runner. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPairing } from "../../src/server/pairing.ts";
import { createRunnerApi } from "../../src/server/runner/api.ts";
import { serve, type LocalServer } from "../../src/server/serve.ts";
import { littleServer, type LittleServer } from "../endpoint/fixtures/little-server.ts";
import { raw } from "./http.ts";

const KEY = "sk-secret-key-5f2a";
const HEADER = "tenant-secret-77c1";
const written: string[] = [];
const unhook: (() => void)[] = [];
let site: LocalServer;
let parrot: LittleServer;

/** What goes wrong is named in the URL's path prefix. */
function repeat(req: IncomingMessage, res: ServerResponse): void {
  const secrets = `${req.headers.authorization} ${req.headers["x-tenant"]}`;
  const how = req.url!.split("/")[1];
  const error = JSON.stringify({ error: { message: `refused: ${secrets}`, type: secrets, code: secrets } });
  res.setHeader("x-request-id", secrets);
  if (how === "refusing") return void res.writeHead(401, { "content-type": "application/json" }).end(error);
  if (how === "redirecting") return void res.writeHead(307, { location: `http://127.0.0.1:1/${secrets}` }).end();
  if (how === "garbled") return void res.end(secrets);
  if (req.method === "GET") return void res.end(JSON.stringify({ data: [{ id: "m" }] }));
  res.writeHead(200, { "content-type": "text/event-stream" });
  res.write(`data: {"id":"${secrets}","model":"${secrets}","choices":[{"index":0,"delta":{"content":"hello"}}]}\n\n`);
  if (how === "breaking") return void setTimeout(() => res.destroy(), 5);
  res.end(`data: ${error}\n\n`);
}

beforeAll(async () => {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    stream.write = ((text: string | Uint8Array) => {
      written.push(String(text));
      return write(text);
    }) as typeof stream.write;
    unhook.push(() => (stream.write = write));
  }
  parrot = await littleServer(repeat);
  site = await serve({
    log: () => {},
    open: false,
    version: "0",
    simulatedEndpoint: null,
    runner: createRunnerApi(),
    pairing: createPairing(() => {}),
    port: 0,
    site: (_req, res) => res.end(),
  });
});
afterAll(async () => {
  unhook.forEach((restore) => restore());
  await site.close();
  await parrot.close();
});

const workload = {
  arrivals: { kind: "burst" },
  prompt: { kind: "fixed", value: 20 },
  output: { kind: "fixed", value: 4 },
  requests: 3,
  seed: 1,
};
const calls = ["models", "doctor", "run"] as const;
const ways = ["refusing", "redirecting", "garbled", "breaking", "failing"] as const;

async function ask(call: string, way: string, more: object = {}): Promise<string> {
  const target = {
    label: "t",
    model: "m",
    baseUrl: `${parrot.url}/${way}/v1`,
    key: KEY,
    headers: { "x-tenant": HEADER },
  };
  const id = `${call}-${way}`;
  const body =
    call === "run"
      ? { id, target, workload, options: { warmup: 0, timeouts: { total: 5, stall: 2, headers: 2 } }, ...more }
      : { target, ...more };
  const { text, headers } = await raw(`${site.url}/api/runner/${call}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return `${JSON.stringify(headers)}\n${text}`;
}

function expectNoSecret(text: string): void {
  expect(text).not.toContain(KEY);
  expect(text).not.toContain(HEADER);
  expect(text).not.toContain(Buffer.from(KEY).toString("base64").slice(0, 16));
}

describe("the key and secret headers", () => {
  it.each(calls.flatMap((call) => ways.map((way) => [call, way] as const)))(
    "are in no answer of %s when the server is %s",
    async (call, way) => {
      const before = parrot.seen.length;
      const answer = await ask(call, way);
      const sent = parrot.seen.slice(before);
      expect(sent.some(({ headers }) => headers.authorization === `Bearer ${KEY}`)).toBe(true);
      expect(answer.length).toBeGreaterThan(20);
      expectNoSecret(answer);
    },
  );

  it("are in no refusal of a body that is wrong", async () => {
    expectNoSecret(await ask("run", "failing", { unknown: KEY }));
    expectNoSecret(await ask("models", "failing", { target: { key: [KEY], headers: { "x-tenant": [HEADER] } } }));
    expectNoSecret(await ask("models", "failing", { target: { headers: { "x-tenant": HEADER.repeat(1000) } } }));
    expectNoSecret(
      (
        await raw(`${site.url}/api/runner/models`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: `{"target":{"key":"${KEY}"`,
        })
      ).text,
    );
  });

  it("were sent to nobody in a URL, and written to no log", () => {
    for (const { path } of parrot.seen) expectNoSecret(path);
    expectNoSecret(written.join(""));
  });
});
