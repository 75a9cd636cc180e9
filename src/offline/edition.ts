/** One build of the site as the service worker and the page know it: its id, and every file with its size. */

export interface Edition {
  /** Digest of all files: another build, another id. */
  readonly id: string;
  /** Bytes as they travel, by path under the base; a page's path ends in a slash (the home page's is empty). */
  readonly files: Readonly<Record<string, number>>;
}

/** Each edition has a cache of its own, and each base path too: two courses can share an origin. */
export function cacheName(base: string, id: string): string {
  return `course ${base} ${id}`;
}

/** Whether a file never changes under its name, because the name carries its content's hash. */
export function isForEver(path: string): boolean {
  return path.startsWith("_astro/") || /^generated\/.*-[0-9a-f]{12}[./]/.test(path);
}
