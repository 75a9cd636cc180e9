/** Decides who may use the local server's API: its own pages, pages that have been paired, nobody else. */
import type { IncomingMessage } from "node:http";
import { hostName, isAddressHost } from "./http/guard.ts";
import type { Pairing } from "./pairing.ts";

/** The header in which a paired page sends its session. */
export const SESSION_HEADER = "x-perflab-session";
/** The cookie of a browser on another machine, under `--host`. */
export const SESSION_COOKIE = "perflab-session";

export type Access =
  | { readonly kind: "own" }
  | { readonly kind: "paired"; readonly origin: string }
  | { readonly kind: "refused"; readonly reason: string };

export interface AccessRules {
  /** The port as clients write it. */
  readonly port: number;
  /** Other machines may come, with a session. */
  readonly open: boolean;
  readonly pairing: Pairing;
}

/** Whether the Host is one of this server's names. Anything else may be DNS rebinding. */
export function hostAllowed(req: IncomingMessage, rules: AccessRules): boolean {
  const { host } = req.headers;
  if (host === `127.0.0.1:${rules.port}`) return true;
  return rules.open && isAddressHost(host) && hostName(host) !== "127.0.0.1";
}

/** Whether the request came in under `localhost`, which is redirected so that there is one origin. */
export function isLocalhost(req: IncomingMessage, rules: AccessRules): boolean {
  return req.headers.host === `localhost:${rules.port}`;
}

/** Call only when `hostAllowed`. */
export function accessOf(req: IncomingMessage, rules: AccessRules): Access {
  const { host, origin } = req.headers;
  const ownOrigin = `http://${host}`;
  if (origin !== undefined && origin !== ownOrigin) return pairedAccess(req, origin, rules);
  const site = req.headers["sec-fetch-site"];
  if (origin === undefined && site !== undefined && site !== "same-origin" && site !== "none")
    return refused("requests of other sites are refused");
  if (host === `127.0.0.1:${rules.port}`) return { kind: "own" };
  const session = cookie(req, SESSION_COOKIE);
  if (session !== undefined && rules.pairing.valid(session, ownOrigin)) return { kind: "own" };
  return refused("open the address with the one-time token that the server printed");
}

function pairedAccess(req: IncomingMessage, origin: string, rules: AccessRules): Access {
  if (origin === "null") return refused("pages without an origin are refused");
  const session = req.headers[SESSION_HEADER];
  if (typeof session === "string" && rules.pairing.valid(session, origin)) return { kind: "paired", origin };
  return refused("this page is not paired with this runner; paste the one-time token that the server printed");
}

function refused(reason: string): Access {
  return { kind: "refused", reason };
}

function cookie(req: IncomingMessage, name: string): string | undefined {
  for (const pair of (req.headers.cookie ?? "").split(";")) {
    const [key, value] = pair.trim().split("=");
    if (key === name) return value;
  }
  return undefined;
}
