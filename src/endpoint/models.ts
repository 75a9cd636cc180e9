/** Reads a server's model list, in OpenAI's shape or Ollama's. */
import { MeasureError } from "./endpoint-target.ts";

/** Model names in the server's order. Throws MeasureError with what to try. */
export function readModelList(status: number, body: string): string[] {
  if (status === 401 || status === 403)
    throw new MeasureError(
      "unauthorised",
      `The server answered ${status}: it wants a key, or this key may not list models.`,
    );
  if (status >= 300 && status < 400)
    throw new MeasureError(
      "redirect",
      `The server answered with a redirect (${status}), which is not followed so that your key goes nowhere else. Use the final address as base URL.`,
    );
  if (status !== 200)
    throw new MeasureError(
      "http",
      `The server answered ${status} to /models. Check the base URL: it usually ends in /v1.`,
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
  const found = list as { data?: unknown; models?: unknown };
  const rows = Array.isArray(found.data) ? found.data : Array.isArray(found.models) ? found.models : undefined;
  if (!rows)
    throw new MeasureError(
      "not-an-api",
      "What answered is not an OpenAI-compatible API: its /models has no list. Check the path.",
    );
  return rows
    .map((row: { id?: unknown; name?: unknown }) => row.id ?? row.name)
    .filter((id): id is string => typeof id === "string");
}
