/** Arrivals and lengths are told apart by their `kind`; each kind has its own numbers. */
import { InputError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { checkNames, type Known } from "../options.ts";

/** Throws InputError for what has no kind, a kind that is not in `kinds`, or a name that its kind doesn't have. */
export function checkKind(
  field: string,
  given: { readonly kind: string },
  kinds: Readonly<Record<string, Known>>,
  example: string,
): void {
  if (typeof given !== "object" || given === null || !("kind" in given)) throw new InputError(field, given, example);
  const { kind } = given;
  if (typeof kind !== "string" || !Object.hasOwn(kinds, kind)) {
    const near = typeof kind === "string" ? nearest(kind, Object.keys(kinds), 1) : [];
    const meant = near.length > 0 ? `; did you mean ${near[0]}?` : "";
    throw new InputError(`${field}.kind`, kind, `one of ${Object.keys(kinds).join(", ")}${meant}`);
  }
  checkNames(field, given, kinds[kind]!);
}
