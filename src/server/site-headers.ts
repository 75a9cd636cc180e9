/** The headers of the built site, whoever serves it: `npm start`, and the static hosts that scripts/hosting.ts writes files for. */

/**
 * With every file. The page's own policy stands in its head, written by scripts/csp.ts; who may frame a page can only be said in a
 * header. No COOP or COEP: nothing here needs a page that is isolated, and a host that can't send them would break it.
 */
export const siteHeaders = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "frame-ancestors 'self'",
  "referrer-policy": "strict-origin-when-cross-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
} as const;

/** Of a file that never changes under its name, and of any other. */
export const caching = { immutable: "public, max-age=31536000, immutable", other: "no-cache" } as const;

/** Folders, under the base, all of whose files have a content hash in their names. */
export const immutableFolders = ["_astro"] as const;
