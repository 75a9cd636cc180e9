/** What a tool shows, in the part of its address behind "#", which no server sees. */
import { packText, unpackText } from "../../lab/packed-text.ts";

/** Characters that mail and chat programs let pass. */
const MOST_PACKED = 30_000;
const MOST_TEXT = 4_000_000;

export function readHash(): URLSearchParams {
  return new URLSearchParams(location.hash.replace(/^#/, ""));
}

/** Calls `restore` whenever somebody changes the state in the address; a link to a heading of the page is none. Returns what ends it. */
export function onHashChange(restore: () => void): () => void {
  const changed = () => {
    if (location.hash.length <= 1 || location.hash.includes("=")) restore();
  };
  addEventListener("hashchange", changed);
  return () => removeEventListener("hashchange", changed);
}

/** Replaces the address, so that the way back does not lead through every change. */
export function writeHash(state: URLSearchParams): void {
  const text = state.toString();
  history.replaceState(null, "", `${location.pathname}${location.search}${text === "" ? "" : `#${text}`}`);
}

/** For a field of the address; null for a text that is too long for one. */
export async function packedOrNull(text: string): Promise<string | null> {
  if (text.length > MOST_TEXT) return null;
  const packed = await packText(text);
  return packed.length > MOST_PACKED ? null : packed;
}

/** Rejects where the link is damaged. */
export function unpacked(packed: string): Promise<string> {
  return unpackText(packed, MOST_TEXT);
}
