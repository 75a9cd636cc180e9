/** What an HTTP status says about a request that was answered with it: a named failure, and what to try. */
import type { TransportFailure } from "./transport.ts";

/** `words`: the server's own sentence, "" where it gave none; `wait`: of Retry-After, as `waitWords` has it. */
export function httpFailure(status: number, words: string, wait = ""): TransportFailure {
  const said = words === "" ? "" : ` and said: ${words.replace(/[.\s]+$/, "")}`;
  const answered = `The server answered ${status}${said}.`;
  if (status === 401 || status === 403)
    return { kind: "unauthorised", message: `${answered} Check the key, and that it may use this model.` };
  if (status === 404)
    return {
      kind: "not-found",
      message: `${answered} Check the base URL (it usually ends in /v1) and the model's name.`,
    };
  if (status === 429)
    return {
      kind: "rate-limited",
      message: `${answered} It is limiting your rate: lower the load, or ask for a higher limit.${wait}`,
    };
  if (status === 503)
    return {
      kind: "unavailable",
      message: `${answered} It may still be loading the model, or be overloaded: wait and try again.${wait}`,
    };
  if (status >= 300 && status < 400)
    return {
      kind: "redirect",
      message: `The server answered with a redirect (${status}), which is not followed so that your key goes nowhere else. Use the final address as base URL.`,
    };
  return { kind: "http", message: `${answered} The server's log will say more.${wait}` };
}

/**
 * A sentence about how long the server asks to wait, from Retry-After, which is a number of seconds or a date (RFC 9110 §10.2.3),
 * or from OpenAI's retry-after-ms; "" without either, or where it is neither.
 */
export function waitWords(header: (name: string) => string | undefined): string {
  const milliseconds = Number(header("retry-after-ms") || NaN);
  if (milliseconds >= 0) return ` It asks you to wait ${milliseconds / 1000} s.`;
  const value = header("retry-after")?.trim() ?? "";
  if (/^\d+(\.\d+)?\s*s?$/i.test(value)) return ` It asks you to wait ${parseFloat(value)} s.`;
  return /\d/.test(value) && !Number.isNaN(Date.parse(value)) ? ` It asks you to wait until ${value}.` : "";
}
