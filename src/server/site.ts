/** Serves the built site, under its base path. */
import { createReadStream, existsSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import sirv from "sirv";
import { sendText } from "./http/send.ts";

/** A content hash before the extension: eight characters or more, one of them a digit. */
const HASHED = /[.-](?=[0-9a-z_-]*\d)[0-9a-z_]{8,}\.\w+$/i;

/** Our generated pieces that are several files stand in a folder named after their content. */
const HASHED_FOLDER = /^\/generated\/[a-z]+-[0-9a-f]{12}\//;

/** Whether a file never changes under its name, so that browsers may keep it for ever. */
export function isImmutable(path: string): boolean {
  return path.startsWith("/_astro/") || HASHED_FOLDER.test(path) || HASHED.test(path);
}

/** @param base "/" or "/course/" */
export function createSite(folder: string, base: string) {
  const serve = sirv(folder, {
    etag: true,
    gzip: true,
    setHeaders(res, path) {
      res.setHeader("cache-control", isImmutable(path) ? "public, max-age=31536000, immutable" : "no-cache");
      res.setHeader("x-content-type-options", "nosniff");
      res.setHeader("content-security-policy", "frame-ancestors 'self'");
    },
  });
  const notFoundPage = join(folder, "404.html");

  return function handle(req: IncomingMessage, res: ServerResponse): void {
    if (req.method !== "GET" && req.method !== "HEAD")
      return sendText(res, 405, "Only reading is possible here.", { allow: "GET, HEAD" });
    const url = req.url!;
    if (!url.startsWith(base)) {
      if (url === "/" || `${url}/` === base) return void res.writeHead(302, { location: base }).end();
      return notFound(res);
    }
    req.url = url.slice(base.length - 1);
    serve(req, res, () => notFound(res));
  };

  function notFound(res: ServerResponse): void {
    if (!existsSync(notFoundPage)) return sendText(res, 404, "There is no such page.");
    res.writeHead(404, { "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" });
    createReadStream(notFoundPage).pipe(res);
  }
}
