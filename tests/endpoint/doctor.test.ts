/** What the doctor tells apart, each against a server that has just that fault. */
import net from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { diagnose } from "../../src/endpoint/browser/reach.ts";
import advice from "../../src/endpoint/doctor/advice.json" with { type: "json" };
import { runDoctorFromNode } from "../../src/endpoint/node/doctor-from-node.ts";
import { startSimulatedEndpoint } from "../../src/server/simulated/endpoint.ts";
import { littleServer, sse, type LittleServer } from "./fixtures/little-server.ts";

let closing: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closing) await close();
  closing = [];
});

const KEY = "sk-doctor-secret";
const target = (baseUrl: string, model = "m") => ({ label: "t", baseUrl, model, key: KEY });
const ids = async (baseUrl: string, model?: string): Promise<string[]> =>
  (await runDoctorFromNode(target(baseUrl, model))).findings.map(({ id }) => id);

async function server(
  chat: Parameters<typeof littleServer>[0],
  models: Parameters<typeof littleServer>[0] = (_, res) =>
    res.end(JSON.stringify({ data: [{ id: "m", owned_by: "vllm" }] })),
): Promise<LittleServer> {
  const little = await littleServer((req, res, body) => (req.url!.endsWith("/models") ? models : chat)(req, res, body));
  closing.push(little.close);
  return little;
}

describe("tells apart", () => {
  test("a bad URL, a name that doesn't exist, a closed port", async () => {
    expect(await ids("ftp://x")).toEqual(["bad-url"]);
    expect(await ids("http://user:pass@host/v1")).toEqual(["bad-url"]);
    expect(await ids("http://no-such-host.invalid/v1")).toEqual(["dns"]);
    expect(await ids("http://127.0.0.1:1/v1")).toEqual(["refused"]);
  });

  test("a server that speaks no TLS, and one that speaks no HTTP", async () => {
    const plain = await server((_, res) => sse(res, 4));
    expect(await ids(plain.url.replace("http:", "https:"))).toEqual(["tls"]);
    const raw = net.createServer((socket) => void socket.on("error", () => {}).end("220 mail ready\r\n"));
    await new Promise<void>((resolve) => raw.listen(0, "127.0.0.1", resolve));
    closing.push(() => void raw.close());
    expect(await ids(`http://127.0.0.1:${(raw.address() as net.AddressInfo).port}/v1`)).toEqual(["not-http"]);
  });

  test("a wrong key, a page that is no API, a server that is loading", async () => {
    expect(
      await ids(
        (
          await server(
            () => {},
            (_, res) => res.writeHead(401).end(),
          )
        ).url,
      ),
    ).toEqual(["unauthorised"]);
    expect(
      await ids(
        (
          await server(
            () => {},
            (_, res) => res.end("<html>"),
          )
        ).url,
      ),
    ).toEqual(["not-an-api"]);
    expect(
      await ids(
        (
          await server(
            () => {},
            (_, res) => res.writeHead(503).end(),
          )
        ).url,
      ),
    ).toEqual(["loading"]);
  });

  test("a model that isn't there, a rate limit, a refusal", async () => {
    expect(
      await ids((await server((_, res) => res.writeHead(404).end('{"error":{"message":"no model x"}}'))).url, "x"),
    ).toEqual(["model-not-found"]);
    expect(await ids((await server((_, res) => res.writeHead(429).end())).url)).toEqual(["rate-limited"]);
    expect(
      await ids((await server((_, res) => res.writeHead(400).end('{"error":{"message":"no chat template"}}'))).url),
    ).toEqual(["rejected"]);
  });

  test("no streaming, a stream in one piece, no usage", async () => {
    const whole = {
      choices: [{ message: { role: "assistant", content: "hi" }, finish_reason: "stop" }],
      usage: { prompt_tokens: 3, completion_tokens: 1 },
    };
    expect(await ids((await server((_, res) => res.end(JSON.stringify(whole)))).url)).toContain("not-streaming");
    expect(await ids((await server((_, res) => sse(res, 32, { buffered: true }))).url)).toContain("buffered");
    expect(await ids((await server((_, res) => sse(res, 32, { usage: false }))).url)).toContain("no-usage");
  });

  test("a server that refuses ignore_eos, and still measures", async () => {
    const strict = await server((_, res, body) =>
      body.includes("ignore_eos") ? void res.writeHead(400).end("unknown field") : sse(res, 8),
    );
    const report = await runDoctorFromNode(target(strict.url));
    expect(report.findings.map(({ id }) => id)).toEqual(["ok", "no-length-control"]);
    expect(report.usable).toBe(true);
  });

  test("a server in order", async () => {
    const simulated = await startSimulatedEndpoint({ fixed: { ttft: 0.02, itl: 0.003 }, model: "m" });
    closing.push(simulated.close);
    expect(await ids(simulated.url)).toEqual(["ok"]);
  });
});

test("a redirect is refused, and the key never reaches the other host", async () => {
  const other = await server((_, res) => sse(res, 4));
  const redirecting = await server(
    (_, res) => res.writeHead(307, { location: `${other.url}/v1/chat/completions` }).end(),
    (_, res) => res.writeHead(307, { location: `${other.url}/v1/models` }).end(),
  );
  expect(await ids(redirecting.url)).toEqual(["redirect"]);
  expect(other.seen).toEqual([]);
});

test("a key that the server echoes is not in the report", async () => {
  const echoing = await server((req, res) =>
    res.writeHead(401).end(JSON.stringify({ error: { message: `bad key ${req.headers.authorization}` } })),
  );
  const report = JSON.stringify(await runDoctorFromNode(target(echoing.url)));
  expect(report).toContain("unauthorised");
  expect(report).not.toContain(KEY);
});

describe("in a page, where every failure looks the same", () => {
  const seen = { page: { secure: true, hidden: false }, permissions: [] as string[], opaqueAnswer: false };
  test.each([
    ["mixed-content", { ...seen, url: new URL("http://10.0.0.5:8000/v1") }],
    ["local-network-denied", { ...seen, url: new URL("http://127.0.0.1:8000/v1"), permissions: ["denied"] }],
    ["cors", { ...seen, url: new URL("https://api.example.com/v1"), opaqueAnswer: true }],
    ["unreachable", { ...seen, url: new URL("https://api.example.com/v1") }],
  ] as const)("%s", (id, evidence) => {
    expect(diagnose(evidence)).toBe(id);
  });
});

test("every finding has a fix for a server that isn't recognised, in whole sentences", () => {
  for (const { what, fix } of Object.values(advice.findings))
    for (const text of [what, ...Object.values(fix)]) expect(text).toMatch(/^[A-Za-z].*[.]$|:\d+\.$|HOST\.$|\/v1\.$/s);
});
