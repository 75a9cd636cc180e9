/** What a value may be, in words, from what zod found wrong with it. */
import type { z } from "zod";

export function allowed(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return KINDS[issue.expected] ?? issue.expected;
    case "too_small":
      return bound(issue.origin, "at least", Number(issue.minimum), issue.inclusive !== false);
    case "too_big":
      return bound(issue.origin, "at most", Number(issue.maximum), issue.inclusive !== false);
    case "invalid_value":
      return issue.values.map((value) => JSON.stringify(value)).join(" or ");
    case "invalid_union": {
      const ways = issue.errors.flatMap(([first]) => (first && first.path.length === 0 ? [allowed(first)] : []));
      return ways.length > 0 ? [...new Set(ways)].join(" or ") : "of a form that is known here";
    }
    case "unrecognized_keys":
      return `without ${issue.keys.join(", ")}, which is not known here`;
    case "invalid_format":
      return `of the form ${issue.format}`;
    default:
      return issue.message;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  null: "null",
};

function bound(origin: string, side: string, limit: number, inclusive: boolean): string {
  if (origin === "string") return `${side} ${limit} characters long`;
  if (origin === "array" || origin === "set") return `a list of ${side} ${limit}`;
  return inclusive ? `${side} ${limit}` : `${side === "at least" ? "above" : "below"} ${limit}`;
}
