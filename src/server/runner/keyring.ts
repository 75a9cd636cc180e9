/** API keys that pages asked the runner to keep: in memory only, each for one page's origin and one endpoint's origin. */
import type { IncomingMessage } from "node:http";
import { normalBaseUrl } from "../../endpoint/base-url.ts";

const MAX_KEYS = 100;

export interface Keyring {
  /** Keeps the key for the URL's origin, or forgets the one it had. Throws MeasureError on a URL that is none. */
  keep(req: IncomingMessage, said: { baseUrl: string; key?: string | undefined }): void;
  /** The target with the key that is kept for its origin, where it brings none of its own. */
  unlocked<T extends { baseUrl: string; key?: string | undefined }>(req: IncomingMessage, target: T): T;
}

export function createKeyring(): Keyring {
  const keys = new Map<string, string>();
  // Browsers send Origin with every POST, so that one page's key is not another's.
  const slot = (req: IncomingMessage, baseUrl: string): string =>
    `${req.headers.origin ?? ""} ${new URL(normalBaseUrl(baseUrl)).origin}`;

  return {
    keep(req, { baseUrl, key }) {
      const name = slot(req, baseUrl);
      keys.delete(name);
      if (key === undefined) return;
      keys.set(name, key);
      if (keys.size > MAX_KEYS) keys.delete(keys.keys().next().value!);
    },
    unlocked(req, target) {
      if (target.key !== undefined || keys.size === 0) return target;
      const key = keys.get(slot(req, target.baseUrl));
      return key === undefined ? target : { ...target, key };
    },
  };
}
