import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compress } from "../../scripts/compress.ts";
import { createSite } from "../../src/server/site.ts";
import { raw } from "./http.ts";

const text = "a page of text ".repeat(400);
const folder = mkdtempSync(join(tmpdir(), "perflab-gzip-"));
let http: Server;
let url = "";

beforeAll(async () => {
  mkdirSync(join(folder, "_astro"));
  writeFileSync(join(folder, "index.html"), text);
  writeFileSync(join(folder, "small.txt"), "small");
  writeFileSync(join(folder, "_astro", "page.Ab3dEf9x.js"), text);
  expect(compress(folder)).toBe(2);
  const site = createSite(folder, "/course/", () => {});
  http = createServer((req, res) => site(req, res));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/course/`;
});
afterAll(async () => {
  await new Promise((resolve) => http.close(resolve));
  rmSync(folder, { recursive: true });
});

const get = (path: string, encoding = "gzip, deflate") =>
  raw(url + path, { method: "GET", headers: { "accept-encoding": encoding } });

describe("text files", () => {
  it.each([
    ["", "text/html; charset=utf-8", "no-cache"],
    ["_astro/page.Ab3dEf9x.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"],
  ])("are sent gzipped under the base path, with their own type and lifetime: %s", async (path, type, cache) => {
    const { headers, body } = await get(path);
    expect(headers).toMatchObject({
      "content-encoding": "gzip",
      "content-type": type,
      "cache-control": cache,
      vary: "Accept-Encoding",
    });
    expect(gunzipSync(body).toString()).toBe(text);
    expect(body.length).toBeLessThan(text.length / 2);
  });

  it("are sent in brotli to whoever takes it", async () => {
    const { headers, body } = await get("_astro/page.Ab3dEf9x.js", "gzip, deflate, br");
    expect(headers).toMatchObject({ "content-encoding": "br", "content-type": "text/javascript; charset=utf-8" });
    expect(brotliDecompressSync(body).toString()).toBe(text);
  });

  it("are sent as they are to whoever does not take gzip, and when they are small", async () => {
    const plain = await get("", "identity");
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(plain.text).toBe(text);
    expect((await get("small.txt")).headers["content-encoding"]).toBeUndefined();
  });
});
