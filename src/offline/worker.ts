/** The service worker: what was read once can be read again without a network. It answers for the site's own files and for nothing else. */
import { cacheName, isForEver, type Edition } from "./edition.ts";

/** Filled in by scripts/offline.ts. */
declare const EDITION: Edition;

interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Extendable {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
/** The part of ServiceWorkerGlobalScope that is used; its types and those of a page can't be in one program. */
const worker = globalThis as unknown as {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", listener: (event: Extendable) => void): void;
  addEventListener(type: "fetch", listener: (event: Fetching) => void): void;
};

const scope = new URL(worker.registration.scope);
const cache = cacheName(scope.pathname, EDITION.id);

worker.addEventListener("install", (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => event.waitUntil(forgetOldEditions().then(() => worker.clients.claim())));

worker.addEventListener("fetch", (event) => {
  const path = ownFile(event.request);
  if (path === undefined) return;
  event.respondWith(isForEver(path) ? cacheFirst(event, path) : networkFirst(event, path));
});

/** The file of the site that is asked for; undefined for the runner's API, an endpoint, another origin, or anything we don't know. */
function ownFile({ method, url, headers }: Request): string | undefined {
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== scope.origin || !pathname.startsWith(scope.pathname)) return undefined;
  if (headers.has("range") || headers.has("authorization")) return undefined;
  const path = pathname.slice(scope.pathname.length);
  return Object.hasOwn(EDITION.files, path) ? path : undefined;
}

const keyOf = (path: string): string => new URL(path, scope).href;

async function cacheFirst(event: Fetching, path: string): Promise<Response> {
  const known = await caches.match(keyOf(path));
  return known ?? kept(event, path, await fetch(event.request));
}

/** The newest while there is a network; without one the stored copy, of the edition before if need be. */
async function networkFirst(event: Fetching, path: string): Promise<Response> {
  try {
    return kept(event, path, await fetch(event.request));
  } catch (error) {
    const known = await (await caches.open(cache)).match(keyOf(path));
    const stored = known ?? (await caches.match(keyOf(path)));
    if (stored !== undefined) return stored;
    if (event.request.mode !== "navigate") throw error;
    return new Response(notStored(), { status: 503, headers: { "content-type": "text/html; charset=utf-8" } });
  }
}

/** The answer, on its way to the page while a copy is stored. */
function kept(event: Fetching, path: string, response: Response): Response {
  if (response.status === 200 && response.type === "basic" && !response.redirected) {
    const copy = response.clone();
    const stored = caches.open(cache).then((open) => open.put(keyOf(path), copy));
    // A full disk is no reason not to show the page.
    event.waitUntil(stored.catch(() => undefined));
  }
  return response;
}

/** The edition before stays: a page of it may be open and need its parts. */
async function forgetOldEditions(): Promise<void> {
  await caches.open(cache);
  const ours = (await caches.keys()).filter((name) => name.startsWith(cacheName(scope.pathname, "")));
  const older = ours.filter((name) => name !== cache);
  await Promise.all(older.slice(0, -1).map((name) => caches.delete(name)));
}

function notStored(): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Not stored for offline reading</title>
<style>:root{color-scheme:light dark;font:1.0625rem/1.6 system-ui,sans-serif}body{max-width:38rem;margin:15vh auto;padding:0 1.5rem}</style>
<h1>This page is not stored on this device</h1>
<p>There is no connection, and the page was not read or stored while there was one.</p>
<p><a href="${scope.pathname}">Go to the start</a>, or come back when you are online. Every page’s foot can store the whole course.</p></html>`;
}
