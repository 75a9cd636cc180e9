/** Reads a server's model list, in OpenAI's shape or Ollama's. */
import { errorWords } from "../engine/benchmark/error-words.ts";
import { MeasureError } from "./endpoint-target.ts";

/** Model names in the server's order. Throws MeasureError with what to try. */
export function readModelList(status: number, body: string): string[] {
  if (status === 401 || status === 403)
    throw new MeasureError(
      "unauthorised",
      `The server answered ${status}${said(body)}. Check the key, and that it may list models; or name the model, which needs no list.`,
    );
  if (status >= 300 && status < 400)
    throw new MeasureError(
      "redirect",
      `The server answered with a redirect (${status}), which is not followed so that your key goes nowhere else. Use the final address as base URL.`,
    );
  if (status !== 200)
    throw new MeasureError(
      "http",
      `The server answered ${status} to /models${said(body)}. Check the base URL: it usually ends in /v1.`,
    );
  let list: unknown;
  try {
    list = JSON.parse(body);
  } catch {
    throw new MeasureError(
      "not-an-api",
      "What answered is not an OpenAI-compatible API: its /models is not JSON. Check the port and the path.",
    );
  }
  const found = (list ?? {}) as { data?: unknown; models?: unknown };
  const rows = [found.data, found.models, list].find(Array.isArray) as unknown[] | undefined;
  if (!rows)
    throw new MeasureError(
      "not-an-api",
      "What answered is not an OpenAI-compatible API: its /models has no list. Check the path.",
    );
  return rows
    .map((row) => (typeof row === "object" && row !== null ? (row as { id?: unknown; name?: unknown }) : { id: row }))
    .map((row) => row.id ?? row.name)
    .filter((id): id is string => typeof id === "string");
}

/** The server's own words, which know better why. */
function said(body: string): string {
  const words = errorWords(body).replace(/[.\s]+$/, "");
  return words === "" ? "" : ` and said: ${words}`;
}
