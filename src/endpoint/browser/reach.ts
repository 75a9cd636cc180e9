/** Why a page could not read an answer: browsers say only "failed to fetch", so this looks at everything else they do say. */
import { Unreachable } from "../doctor/examine.ts";
import type { FindingId } from "../doctor/report.ts";
import type { PageFacts } from "./messages.ts";

/** What can be observed when a fetch fails. */
export interface FailedFetch {
  readonly url: URL;
  readonly page: PageFacts;
  /** States of the permissions that guard local networks; absent where the browser has none. */
  readonly permissions: readonly string[];
  /** The same address answered a request whose answer the page may not read. */
  readonly opaqueAnswer: boolean;
}

export function diagnose(seen: FailedFetch): FindingId {
  const local = isLocal(seen.url.hostname);
  if (seen.page.secure && seen.url.protocol === "http:" && !isLoopback(seen.url.hostname)) return "mixed-content";
  if (local && seen.permissions.includes("denied")) return "local-network-denied";
  if (seen.opaqueAnswer) return "cors";
  return "unreachable";
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
}

/** Loopback and the private ranges of RFC 1918, link-local, and .local names. */
export function isLocal(host: string): boolean {
  return isLoopback(host) || /^(10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(host) || host.endsWith(".local");
}

const PERMISSIONS = ["local-network-access", "local-network", "loopback-network"];

async function permissionStates(): Promise<string[]> {
  const states: string[] = [];
  for (const name of PERMISSIONS) {
    const state = await navigator.permissions?.query({ name: name as PermissionName }).catch(() => undefined);
    if (state) states.push(state.state);
  }
  return states;
}

const PRIVATE = { credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" } as const;

/** Throws Unreachable with the likeliest finding when nothing readable came back. */
export async function get(
  url: URL,
  headers: Record<string, string>,
  page: PageFacts,
): Promise<{ status: number; body: string; header(name: string): string | undefined }> {
  try {
    const answer = await fetch(url, { ...PRIVATE, headers, redirect: "manual", signal: AbortSignal.timeout(15_000) });
    const status = answer.type === "opaqueredirect" ? 307 : answer.status;
    return { status, body: await answer.text(), header: (name) => answer.headers.get(name) ?? undefined };
  } catch (error) {
    const opaqueAnswer = await fetch(url, { ...PRIVATE, mode: "no-cors", signal: AbortSignal.timeout(5000) })
      .then(() => true)
      .catch(() => false);
    throw new Unreachable(
      diagnose({ url, page, permissions: await permissionStates(), opaqueAnswer }),
      String((error as Error).message),
    );
  }
}

/** A small JSON question; rejects where the page may not read the answer. Never follows a redirect. */
export async function post(
  url: URL,
  body: string,
  headers: Record<string, string>,
): Promise<{ status: number; body: string }> {
  const answer = await fetch(url, {
    ...PRIVATE,
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body,
    redirect: "error",
    signal: AbortSignal.timeout(2000),
  });
  return { status: answer.status, body: await answer.text() };
}
