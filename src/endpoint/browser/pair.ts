/** Trades the one-time token that a local runner prints for a session of this page's origin. */
import { MeasureError, type PairedRunner } from "../endpoint-target.ts";

/** @throws MeasureError when no runner answers there, or when it refuses the token. */
export async function pair(address: string, token: string): Promise<PairedRunner> {
  let url: string;
  try {
    url = new URL(address).origin;
  } catch {
    throw new MeasureError("bad-url", `"${address}" is not a URL. npm start prints the runner's address.`);
  }
  const answer = await fetch(`${url}/api/pair`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  }).catch(() => {
    throw new MeasureError(
      "no-runner",
      "No runner answers at that address. Start it with `npm start`, and allow this page the local network if your browser asks.",
    );
  });
  const said = (await answer.json().catch(() => ({}))) as { session?: string; error?: string };
  if (said.session === undefined)
    throw new MeasureError("pairing", `The runner refused: ${said.error ?? `it answered ${answer.status}`}.`);
  return { kind: "runner", url, session: said.session };
}
