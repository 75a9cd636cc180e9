/** The page's side of offline reading: registers the worker, keeps what this page has loaded, and fetches the rest when asked. */
import { cacheName, isForEver, type Edition } from "./edition.ts";

/** Files fetched at the same time. */
const LANES = 4;

export interface Missing {
  readonly files: readonly string[];
  readonly bytes: number;
}

export class Shelf {
  readonly #base: string;
  #edition: Promise<Edition> | null = null;

  /** @param base "/" or "/course/" */
  constructor(base: string) {
    this.#base = base;
  }

  /** Calls `onUpdate` when a newer edition has taken over while this page was open. */
  async open(onUpdate: () => void): Promise<void> {
    const { serviceWorker } = navigator;
    const hadWorker = serviceWorker.controller !== null;
    serviceWorker.addEventListener("controllerchange", () => hadWorker && onUpdate());
    await serviceWorker.register(`${this.#base}sw.js`, { scope: this.#base, updateViaCache: "none" });
    await serviceWorker.ready;
    // What came before the worker did; all of it is in the HTTP cache.
    if (!hadWorker) await this.#keep(this.#loaded());
  }

  /** What of this edition is not stored yet. */
  async missing(): Promise<Missing> {
    const { files } = await this.#list();
    const cache = await this.#cache();
    const stored = new Set((await cache.keys()).map(({ url }) => this.#pathOf(url)));
    const paths = Object.keys(files).filter((path) => !stored.has(path));
    return { files: paths, bytes: paths.reduce((sum, path) => sum + (files[path] ?? 0), 0) };
  }

  /**
   * Fetches all that is missing. `onProgress` gets bytes done and bytes to do.
   * @throws Error when the connection, the storage or the reader (through `signal`) ends it; what came before stays.
   */
  async fill(signal: AbortSignal, onProgress: (done: number, of: number) => void): Promise<void> {
    const { files } = await this.#list();
    const { files: paths, bytes } = await this.missing();
    const queue = paths.values();
    const broken = new AbortController();
    const ended = AbortSignal.any([signal, broken.signal]);
    let done = 0;
    const lane = async (): Promise<void> => {
      for (const path of queue) {
        await this.#store(path, ended);
        done += files[path] ?? 0;
        onProgress(done, bytes);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane)).finally(() => broken.abort());
    await this.#warmFrames(Object.keys(files));
  }

  async #keep(paths: readonly string[]): Promise<void> {
    const { files } = await this.#list();
    for (const path of paths) if (Object.hasOwn(files, path)) await this.#store(path);
  }

  async #store(path: string, signal?: AbortSignal): Promise<void> {
    const cache = await this.#cache();
    const url = this.#url(path);
    const known = isForEver(path) ? await caches.match(url) : undefined;
    const response = known ?? (await fetch(url, { signal: signal ?? null }));
    if (!response.ok) throw new Error(`${path || "the home page"} could not be fetched (${response.status})`);
    await cache.put(url, response);
  }

  /** The sandbox’s document has an opaque origin, so no worker serves it: the HTTP cache does, once a frame has loaded it. */
  async #warmFrames(paths: readonly string[]): Promise<void> {
    for (const path of paths.filter((name) => /^generated\/sandbox-.*\.html$/.test(name))) {
      const frame = document.createElement("iframe");
      frame.setAttribute("sandbox", "allow-scripts");
      frame.hidden = true;
      frame.src = this.#url(path);
      const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
      document.body.append(frame);
      await loaded;
      frame.remove();
    }
  }

  #loaded(): string[] {
    const urls = performance.getEntriesByType("resource").map(({ name }) => name);
    return [location.href, ...urls].map((url) => this.#pathOf(url)).filter((path) => path !== undefined);
  }

  #pathOf(url: string): string | undefined {
    const { origin, pathname } = new URL(url);
    return origin === location.origin && pathname.startsWith(this.#base)
      ? pathname.slice(this.#base.length)
      : undefined;
  }

  async #cache(): Promise<Cache> {
    return caches.open(cacheName(this.#base, (await this.#list()).id));
  }

  #list(): Promise<Edition> {
    return (this.#edition ??= fetch(this.#url("edition.json")).then((response) => {
      if (!response.ok) throw new Error(`the list of files could not be fetched (${response.status})`);
      return response.json() as Promise<Edition>;
    }));
  }

  #url(path: string): string {
    return new URL(this.#base + path, location.origin).href;
  }
}
