/** Format specifiers of console methods: a first text with %s, %d, %i, %f, %o, %O, %j or %c takes the arguments that follow. */
import { inspect } from "./inspect.ts";

/** The arguments as they are to be shown: one text in place of those that a format took. */
export function formatted(args: readonly unknown[]): readonly unknown[] {
  const [format, ...rest] = args;
  if (typeof format !== "string" || !format.includes("%")) return args;
  let taken = 0;
  const text = format.slice(0, 20_000).replace(/%([sdifoOjc%])/g, (specifier, kind: string) => {
    if (kind === "%") return "%";
    if (taken >= rest.length) return specifier;
    return written(kind, rest[taken++]);
  });
  return [text, ...rest.slice(taken)];
}

function written(kind: string, value: unknown): string {
  switch (kind) {
    case "s":
      return typeof value === "string" ? value : inspect(value);
    case "d":
      return typeof value === "bigint" ? inspect(value) : numberText(value, Number);
    case "i":
      return typeof value === "bigint" ? inspect(value) : numberText(value, (text) => parseInt(String(text), 10));
    case "f":
      return numberText(value, (text) => parseFloat(String(text)));
    case "c":
      // A style: there is none here.
      return "";
    default:
      return inspect(value);
  }
}

/** Objects are no numbers, and their own conversion is not run. */
function numberText(value: unknown, convert: (value: unknown) => number): string {
  if (typeof value === "object" || typeof value === "symbol" || typeof value === "function") return "NaN";
  return inspect(convert(value));
}
