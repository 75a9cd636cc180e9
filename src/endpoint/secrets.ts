/** Takes the key and the secret headers out of whatever a server echoed, before it reaches a Run, a report or a message. */
import type { EndpointTarget } from "./endpoint-target.ts";

const HIDDEN = "[secret]";
/** Shorter values would blot out ordinary words. */
const SHORTEST = 6;

function secretsOf(target: EndpointTarget): string[] {
  return [target.key ?? "", ...Object.values(target.headers ?? {}), ...secretsInQuery(target.baseUrl)].filter(
    (secret) => secret.length >= SHORTEST,
  );
}

/** Some APIs take their key in the URL. */
function secretsInQuery(baseUrl: string): string[] {
  const query = /\?([^#]*)/.exec(baseUrl)?.[1] ?? "";
  return [...new URLSearchParams(query)].flatMap(([name, value]) =>
    /key|token|code|sig|secret|auth|pass/i.test(name) ? [value, encodeURIComponent(value)] : [],
  );
}

/** One text with every secret of the target blotted out. */
export function hideSecrets(text: string, target: EndpointTarget): string {
  return secretsOf(target).reduce((hidden, secret) => hidden.replaceAll(secret, HIDDEN), text);
}

/** A copy of plain JSON data in which no string holds a secret of the target. */
export function withoutSecrets<T>(data: T, target: EndpointTarget): T {
  const secrets = secretsOf(target);
  if (secrets.length === 0) return data;
  const clean = (value: unknown): unknown => {
    if (typeof value === "string") return hideSecrets(value, target);
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, clean(item)]));
  };
  return clean(data) as T;
}
