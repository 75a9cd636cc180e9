/** Serves the built site, under its base path, as it stands on the disk at that moment: it may be built again meanwhile. */
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join } from "node:path";
import send from "send";
import { nameOf, type Log } from "./http/log.ts";
import { sendText } from "./http/send.ts";
import { requestTarget } from "./http/target.ts";
import { caching, siteHeaders } from "./site-headers.ts";

/** A content hash before the extension: eight characters or more, one of them a digit. */
const HASHED = /[.-](?=[0-9a-z_-]*\d)[0-9a-z_]{8,}\.\w+$/i;

/** Our generated pieces that are several files stand in a folder named after their content. */
const HASHED_FOLDER = /^\/generated\/[a-z]+-[0-9a-f]{12}\//;

/** What scripts/compress.ts writes packed twins of. */
const PACKED_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".xml": "application/xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
};

/** Whether a file never changes under its name, so that browsers may keep it for ever. */
export function isImmutable(path: string): boolean {
  return path.startsWith("/_astro/") || HASHED_FOLDER.test(path) || HASHED.test(path);
}

/** How the packed twins of a file are named, by encoding. */
const TWINS = { br: ".br", gzip: ".gz" } as const;

/** @param base "/" or "/course/" */
export function createSite(folder: string, base: string, log: Log) {
  return function handle(req: IncomingMessage, res: ServerResponse): void {
    if (req.method !== "GET" && req.method !== "HEAD")
      return sendText(res, 405, "Only reading is possible here.", { allow: "GET, HEAD" });
    const target = requestTarget(req.url);
    if (target === null) return sendText(res, 400, "This server needs a path, such as /.");
    const { pathname, search } = target;
    if (!pathname.startsWith(base)) {
      if (pathname === "/" || `${pathname}/` === base) return redirect(res, base);
      return void notFound(req, res);
    }
    const path = pathname.slice(base.length - 1);
    const plain = (): void =>
      serve(req, res, path, {
        missing: () => void notFound(req, res),
        folder: () => redirect(res, `${pathname.replace(/^\/+/, "/")}/${search}`),
      });
    const taken = String(req.headers["accept-encoding"] ?? "");
    const gzipped = (): void =>
      /\bgzip\b/.test(taken) ? serve(req, res, path, { missing: plain, folder: plain, packed: "gzip" }) : plain();
    if (/\bbr\b/.test(taken)) serve(req, res, path, { missing: gzipped, folder: gzipped, packed: "br" });
    else gzipped();
  };

  /** One file; `packed` looks for its twin of that encoding. */
  function serve(
    req: IncomingMessage,
    res: ServerResponse,
    path: string,
    o: { missing: () => void; folder: () => void; packed?: keyof typeof TWINS },
  ): void {
    const twin = o.packed === undefined ? "" : TWINS[o.packed];
    send(req, path.endsWith("/") ? path : path + twin, {
      root: folder,
      index: `index.html${twin}`,
      extensions: o.packed ? [] : ["html"],
      cacheControl: false,
    })
      .on("headers", (_res: ServerResponse, file: string) => {
        res.setHeader("cache-control", isImmutable(path) ? caching.immutable : caching.other);
        for (const [name, value] of Object.entries(siteHeaders)) res.setHeader(name, value);
        res.setHeader("vary", "Accept-Encoding");
        if (!o.packed) return;
        res.setHeader("content-encoding", o.packed);
        res.setHeader("content-type", PACKED_TYPES[extname(file.slice(0, -3))] ?? "application/octet-stream");
      })
      .on("directory", o.folder)
      .on("error", (error: NodeJS.ErrnoException & { status?: number }) => {
        if (res.headersSent) {
          log(`${nameOf(req)}: broke off: ${error.message}`);
          return void res.destroy();
        }
        for (const name of res.getHeaderNames()) res.removeHeader(name);
        if (error.status === 404 || error.status === 403) return o.missing();
        if (error.status === 500) log(`500 ${nameOf(req)}: ${error.message}`);
        sendText(res, error.status ?? 500, "This file can't be sent like that.");
      })
      .pipe(res);
  }

  async function notFound(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const page = await readFile(join(folder, "404.html")).catch(() => undefined);
    if (page === undefined) return sendText(res, 404, "There is no such page.");
    res.writeHead(404, { "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" });
    res.end(req.method === "HEAD" ? undefined : page);
  }
}

function redirect(res: ServerResponse, location: string): void {
  res.writeHead(302, { location, "cache-control": "no-cache" }).end();
}
