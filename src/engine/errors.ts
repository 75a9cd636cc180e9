/** The one error for bad input: it names the field, the value and what would be allowed. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly field: string;
  readonly value: unknown;
  constructor(field: string, value: unknown, allowed: string) {
    super(`${field} is ${show(value)}; it must be ${allowed}`);
    this.field = field;
    this.value = value;
  }
}

function show(value: unknown): string {
  if (typeof value === "string") return `"${value}"`;
  if (typeof value === "object" && value !== null) return JSON.stringify(value).slice(0, 80);
  return String(value);
}
