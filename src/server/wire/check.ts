/** Checks what came in against a zod schema; what is wrong becomes an InputError naming the first bad field. */
import type { z } from "zod";
import { InputError } from "../../engine/errors.ts";
import { allowed } from "./zod-words.ts";

export function check<T extends z.ZodType>(schema: T, input: unknown): z.infer<T> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const value = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], input);
  throw new InputError(issue.path.join(".") || "body", value, allowed(issue));
}
