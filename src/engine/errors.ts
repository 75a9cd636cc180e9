/** The one error for bad input: it names the field, the value and what would be allowed. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly field: string;
  readonly value: unknown;
  /** `sentence` stands for the whole message where "field is value; it must be allowed" would read wrongly. */
  constructor(field: string, value: unknown, allowed: string, sentence?: string) {
    super(sentence ?? `${field} is ${show(value)}; it must be ${allowed}`);
    this.field = field;
    this.value = value;
  }
}

const MOST_SHOWN = 80;

/** Never throws: not for a symbol, a bigint, a cycle, or an object without a prototype. */
function show(value: unknown): string {
  try {
    if (typeof value === "string") return `"${value.length > MOST_SHOWN ? `${value.slice(0, MOST_SHOWN)}…` : value}"`;
    if (typeof value === "function") return "a function";
    if (typeof value !== "object" || value === null) return String(value);
    return (JSON.stringify(value) ?? "an object").slice(0, MOST_SHOWN);
  } catch {
    return "an object";
  }
}
