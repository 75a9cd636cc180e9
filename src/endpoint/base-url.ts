/** Base URLs as people have them (pasted whole, with a query, without a scheme), and the addresses below them. */
import { MeasureError } from "./endpoint-target.ts";

/** What people paste along: the path of a call instead of the API's. */
const CALLS = /\/(chat\/completions|completions|models|responses|embeddings|messages)(\/)?$/;

/**
 * The base URL as requests use it: no trailing slash, no fragment, no call's path that was pasted along, and "/v1" where no path was given.
 * A query stays (Azure's api-version), and goes with every request: build addresses with `endpointUrl`.
 * Without a scheme it is http on this machine or where a port is given, else https, so that no key leaves unencrypted.
 * Throws MeasureError when it isn't an http(s) URL, or carries a user name and password.
 */
export function normalBaseUrl(text: string): string {
  const bare = text.trim().replace(/^["'`<(]+|["'`>),;]+$/g, "");
  let url: URL;
  try {
    if (/\s/.test(bare)) throw new Error("a space");
    url = new URL(withScheme(bare));
  } catch {
    throw new MeasureError("bad-url", `"${withoutUser(text)}" is not a URL. ${hint(bare)}`);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new MeasureError(
      "bad-url",
      `The URL begins with ${url.protocol}//, but only http:// and https:// can be measured.`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new MeasureError(
      "bad-url",
      "The URL contains a user name or password. Put the key in the key field instead, so that it stays out of logs.",
    );
  }
  const path = url.pathname
    .replace(/\/{2,}/g, "/")
    .replace(/\/+$/, "")
    .replace(CALLS, "");
  return `${url.origin}${path === "" ? "/v1" : path}${url.search}`;
}

/** Where a call goes: below the base URL, with its query. `path` such as "/models". */
export function endpointUrl(baseUrl: string, path: string): URL {
  const url = new URL(normalBaseUrl(baseUrl));
  url.pathname += path;
  return url;
}

/** As endpointUrl, for what servers have beside /v1, under the same prefix: "/metrics", "/tokenize". */
export function serverUrl(baseUrl: string, path: string): URL {
  const url = new URL(normalBaseUrl(baseUrl));
  url.pathname = url.pathname.replace(/\/v\d+$/, "") + path;
  return url;
}

function withScheme(text: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text;
  if (/^https?:/i.test(text)) return text;
  const rest = text.replace(/^\/+/, "");
  const host = /^(\[[^\]]*\]|[^/?#:]*)(:\d+)?/.exec(rest);
  const near = host?.[2] !== undefined || !/\./.test(host?.[1] ?? "") || /^(127|10|192\.168|169\.254|0)\./.test(rest);
  return `${near ? "http" : "https"}://${rest}`;
}

function hint(text: string): string {
  const afterScheme = text.replace(/^[a-z]+:\/\//i, "");
  if (/^[0-9a-f]*:[0-9a-f:]*:[0-9a-f:]*(\/|$)/i.test(afterScheme))
    return "An IPv6 address stands in brackets: http://[::1]:8000/v1.";
  if (/\s/.test(text)) return "It has a space in it. Write it like http://127.0.0.1:8000/v1.";
  return "Write it like http://127.0.0.1:8000/v1.";
}

/** A URL that could not be parsed may still hold a password. */
function withoutUser(text: string): string {
  return text.trim().replace(/\/\/[^/@\s]*@/, "//…@");
}
