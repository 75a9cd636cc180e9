import { mkdtempSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPairing, type Pairing } from "../../src/server/pairing.ts";
import { serve, type LocalServer } from "../../src/server/serve.ts";
import { createSite, isImmutable } from "../../src/server/site.ts";
import { raw } from "./http.ts";

let server: LocalServer;
let openServer: LocalServer;
let pairing: Pairing;
let openPairing: Pairing;
let reached: string[] = [];
const foreign = "https://course.example";

const runner = {
  handle(req: IncomingMessage, res: ServerResponse) {
    reached.push(req.url!);
    res.end("ran");
    return Promise.resolve(true);
  },
  close: () => Promise.resolve(),
};

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "perflab-site-"));
  mkdirSync(join(folder, "site", "_astro"), { recursive: true });
  writeFileSync(join(folder, "secret.txt"), "secret");
  writeFileSync(join(folder, "site", "index.html"), "home");
  writeFileSync(join(folder, "site", "404.html"), "lost");
  writeFileSync(join(folder, "site", "_astro", "page.Ab3dEf9x.js"), "1");
  pairing = createPairing(() => {});
  openPairing = createPairing(() => {});
  const common = { port: 0, version: "0", simulatedEndpoint: null, runner, log: () => {} };
  const site = createSite(join(folder, "site"), "/course/", () => {});
  server = await serve({ ...common, open: false, pairing, site });
  openServer = await serve({ ...common, open: true, pairing: openPairing, site });
});
afterAll(async () => {
  await server.close();
  await openServer.close();
});

const run = (headers: Record<string, string>, o: { body?: string; url?: string } = {}) =>
  raw(`${o.url ?? server.url}/api/runner/run`, { method: "POST", headers, body: o.body ?? "{}" });

async function refused(answer: Promise<{ status: number }>, status = 403): Promise<void> {
  reached = [];
  expect((await answer).status).toBe(status);
  expect(reached).toEqual([]);
}

describe("the runner answers its own page only", () => {
  it("its own origin, and programs without one", async () => {
    expect((await run({ origin: server.url })).status).toBe(200);
    expect((await run({})).status).toBe(200);
  });

  it("no other origin, no null origin, no other port of this machine", async () => {
    await refused(run({ origin: foreign }));
    await refused(run({ origin: "null" }));
    await refused(run({ origin: "http://127.0.0.1:1" }));
    await refused(run({ origin: `http://localhost:${server.port}` }));
  });

  it("no request that a browser marks as another site's, even without an Origin", async () => {
    await refused(run({ "sec-fetch-site": "cross-site" }));
    await refused(run({ "sec-fetch-site": "same-site" }));
  });

  it("no name that DNS could rebind, and no other port under the right name", async () => {
    await refused(run({ host: "evil.example" }));
    await refused(run({ host: `evil.example:${server.port}` }));
    await refused(run({ host: `evil.example:${server.port}`, origin: `http://evil.example:${server.port}` }));
    await refused(run({ host: "127.0.0.1:1" }));
    await refused(run({ host: `127.0.0.1.evil.example:${server.port}` }));
  });

  it("no body beyond the cap, announced or not", async () => {
    await refused(
      raw(`${server.url}/api/runner/run`, { method: "POST", headers: { "content-length": "99000000" } }),
      413,
    );
    await refused(
      raw(`${server.url}/api/runner/run`, { method: "POST", headers: { "transfer-encoding": "chunked" }, body: "{}" }),
      413,
    );
  });

  it("no preflight of a page that is not paired", async () => {
    const answer = await raw(`${server.url}/api/runner/run`, { method: "OPTIONS", headers: { origin: foreign } });
    expect(answer.status).toBe(403);
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
  });
});

describe("pairing", () => {
  const pair = (token: string, origin: string, url = server.url) =>
    raw(`${url}/api/pair`, {
      method: "POST",
      headers: { origin, "content-type": "application/json" },
      body: JSON.stringify({ token }),
    });

  it("lets in the page that brings the token, under its own origin only, and no other", async () => {
    const { session } = JSON.parse((await pair(pairing.token(), foreign)).text) as { session: string };
    const answer = await run({ origin: foreign, "x-perflab-session": session });
    expect(answer.status).toBe(200);
    expect(answer.headers["access-control-allow-origin"]).toBe(foreign);
    await refused(run({ origin: "https://other.example", "x-perflab-session": session }));
    await refused(run({ origin: "null", "x-perflab-session": session }));
    await refused(run({ origin: foreign }));
    await refused(run({ origin: foreign, "x-perflab-session": "guess" }));
  });

  it("takes a token once", async () => {
    const token = pairing.token();
    expect((await pair(token, foreign)).status).toBe(200);
    expect((await pair(token, foreign)).status).toBe(403);
  });

  it("takes it in small letters and without dashes", async () => {
    expect((await pair(pairing.token().toLowerCase().replaceAll("-", " "), foreign)).status).toBe(200);
  });

  it("changes the token when it is guessed at", async () => {
    const token = pairing.token();
    for (let i = 0; i < 10; i++) expect((await pair("AAAA-AAAA-AAAA", foreign)).status).toBe(403);
    expect(pairing.token()).not.toBe(token);
    expect((await pair(token, foreign)).status).toBe(403);
  });

  it("is not for pages without an origin", async () => {
    expect((await pair(pairing.token(), "null")).status).toBe(403);
  });
});

describe("--host", () => {
  const host = () => `192.0.2.7:${openServer.port}`;

  it("gives another machine the runner for the token in the link, once, and takes it out of the address", async () => {
    await refused(run({ host: host() }, { url: openServer.url }));
    const token = openPairing.token();
    const answer = await raw(openServer.url, { path: `/?token=${token}`, headers: { host: host() } });
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe("/");
    const cookie = String(answer.headers["set-cookie"]);
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await run({ host: host(), cookie: cookie.split(";")[0]! }, { url: openServer.url })).status).toBe(200);
    expect((await raw(openServer.url, { path: `/?token=${token}`, headers: { host: host() } })).status).toBe(403);
    await refused(
      run({ host: `192.0.2.8:${openServer.port}`, cookie: cookie.split(";")[0]! }, { url: openServer.url }),
    );
  });

  it("still refuses names", async () => {
    await refused(run({ host: `evil.example:${openServer.port}` }, { url: openServer.url }));
  });

  it("is off by default: another machine's address is refused", async () => {
    await refused(run({ host: `192.0.2.7:${server.port}` }));
  });
});

describe("the site", () => {
  const get = (path: string, headers: Record<string, string> = {}) => raw(server.url, { path, headers });

  it.each([
    "/course/../../secret.txt",
    "/course/..%2f..%2fsecret.txt",
    "/course/%2e%2e/%2e%2e/secret.txt",
    "/course/..\\..\\secret.txt",
    "/../secret.txt",
  ])("does not leave its folder for %s", async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain("secret");
  });

  it("is under its base path, and the root leads there", async () => {
    expect((await get("/course/")).text).toBe("home");
    expect((await get("/")).headers.location).toBe("/course/");
    const lost = await get("/course/nothing");
    expect([lost.status, lost.text]).toEqual([404, "lost"]);
  });

  it("lets browsers keep hashed files for ever, and pages not", async () => {
    expect((await get("/course/_astro/page.Ab3dEf9x.js")).headers["cache-control"]).toContain("immutable");
    expect((await get("/course/")).headers["cache-control"]).toBe("no-cache");
  });

  it.each([
    ["/generated/sandbox-493f1dcaa682.html", true],
    ["/generated/editor-1244d085c2dc/editor.css", true],
    ["/generated/manifest.json", false],
    ["/lessons/01-introduction/index.html", false],
    ["/favicon.svg", false],
  ])("keeps %s for ever: %s", (path, forEver) => expect(isImmutable(path)).toBe(forEver));

  it("redirects localhost to 127.0.0.1 and to nowhere else", async () => {
    const answer = await get("/course/?x=1", { host: `localhost:${server.port}` });
    expect([answer.status, answer.headers.location]).toEqual([307, `${server.url}/course/?x=1`]);
    const sly = await get("//evil.example/x", { host: `localhost:${server.port}` });
    expect(new URL(String(sly.headers.location)).host).toBe(`127.0.0.1:${server.port}`);
  });
});
