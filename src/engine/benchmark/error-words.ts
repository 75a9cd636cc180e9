/** The server's own sentence in an error answer, whatever shape it has: an object, a list, a text, nested, HTML, XML, or nothing. */

type Json = Readonly<Record<string, unknown>>;

/** Where a sentence lies, the likeliest name first. Keys are compared without case, hyphens and underscores. */
const SENTENCES = [
  "error",
  "errors",
  "message",
  "detail",
  "details",
  "msg",
  "errormessage",
  "errormsg",
  "errordescription",
  "description",
  "reason",
  "faultstring",
  "fault",
  "exception",
  "title",
  "innererror",
  "response",
];
const DEPTH = 8;
const LONGEST = 200;

/** At most 200 characters on one line; "" where the body says nothing. */
export function errorWords(body: string): string {
  return oneLine(wordsOfText(body, DEPTH));
}

/** As errorWords, of a value that was parsed already. */
export function errorWordsOf(value: unknown): string {
  return oneLine(wordsOf(value, DEPTH));
}

/** The error that an event of a stream reports under HTTP 200, in any of its shapes; undefined where it is none. */
export function errorInEvent(event: Json): string | undefined {
  for (const key of ["error", "errors"]) {
    const value = event[key];
    if (isSomething(value)) return errorWordsOf(value) || JSON.stringify(value).slice(0, LONGEST);
  }
  if (event["choices"] !== undefined) return undefined;
  const type = typeof event["type"] === "string" ? event["type"] : "";
  const flagged = event["object"] === "error" || /(^|[._-])(error|exception|failed)$/i.test(type);
  const refused = isCodeOfFailure(event["status"]) || isCodeOfFailure(event["code"]) || "error_code" in event;
  if (flagged || refused || typeof event["detail"] === "string") {
    const words = errorWordsOf(event);
    if (words !== "") return words;
  }
  return flagged ? JSON.stringify(event).slice(0, LONGEST) : undefined;
}

function isCodeOfFailure(value: unknown): boolean {
  return typeof value === "number" && value >= 400 && value < 600;
}

function isSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "") return false;
  return !(Array.isArray(value) && value.length === 0);
}

function wordsOfText(text: string, depth: number): string {
  const bare = text.trim().replace(/^(event:.*\n)?data:\s*/, "");
  const parsed = /^[[{"]/.test(bare) ? parseJson(bare) : undefined;
  if (parsed !== undefined && depth > 0) return wordsOf(parsed, depth - 1);
  // Cut off at the limit of what is kept, so that it no longer parses.
  const cut = /^[[{]/.test(bare) ? /"(?:message|detail|msg|error)"\s*:\s*"((?:[^"\\]|\\.)*)/i.exec(bare) : null;
  if (cut) return (parseJson(`"${cut[1]!}"`) as string | undefined) ?? cut[1]!;
  return bare.startsWith("<") ? wordsOfMarkup(bare) : bare;
}

/** An error page's heading or title, an XML error's message, else all its text. */
function wordsOfMarkup(markup: string): string {
  const element =
    /<(message|faultstring|error_description)\b[^>]*>([^]*?)<\/\1>/i.exec(markup) ??
    /<(h1)\b[^>]*>([^]*?)<\/\1>/i.exec(markup) ??
    /<(title)\b[^>]*>([^]*?)<\/\1>/i.exec(markup);
  const inside = element?.[2] ?? markup.replace(/<(script|style|head)\b[^]*?<\/\1>/gi, " ");
  const text = inside
    .replace(/<[^>]*>/g, " ")
    .replace(/&(amp|lt|gt|quot|apos|nbsp|#39);/g, (_, name: string) => ENTITIES[name] ?? " ");
  return text.trim();
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  "#39": "'",
  nbsp: " ",
};

function wordsOf(value: unknown, depth: number): string {
  if (typeof value === "string") return depth > 0 && /^\s*[[{]/.test(value) ? wordsOfText(value, depth) : value;
  if (depth <= 0 || typeof value !== "object" || value === null) return "";
  if (Array.isArray(value)) return firstWords(value, depth);
  const fields = new Map(Object.entries(value).map(([key, inner]) => [key.toLowerCase().replace(/[-_]/g, ""), inner]));
  for (const name of SENTENCES) {
    const words = wordsOf(fields.get(name), depth - 1);
    if (words !== "") return `${words}${place(fields, name)}`;
  }
  // Errors by field: { "max_tokens": ["must be below 4096"] }.
  return firstWords(
    Object.entries(value).flatMap(([key, inner]) =>
      Array.isArray(inner) ? [`${key}: ${wordsOf(inner, depth - 1)}`] : [],
    ),
    depth,
  );
}

function firstWords(values: readonly unknown[], depth: number): string {
  for (const value of values) {
    const words = wordsOf(value, depth - 1);
    if (words !== "") return words;
  }
  return "";
}

/** What else the sentence needs: FastAPI's path of the field, problem+json's detail beside its title. */
function place(fields: ReadonlyMap<string, unknown>, name: string): string {
  const loc = fields.get("loc");
  if (name === "msg" && Array.isArray(loc)) return ` (${loc.join(".")})`;
  const param = fields.get("param");
  return name === "message" && typeof param === "string" && param !== "" ? ` (${param})` : "";
}

function oneLine(words: string): string {
  return words.replace(/\s+/g, " ").trim().slice(0, LONGEST);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
