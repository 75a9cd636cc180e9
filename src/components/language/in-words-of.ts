/** A chart or a figure with its texts in another language: whatever stands in it as text, but for what only code reads. */
import { asIs, type Say } from "../../lab/phrases.ts";

/** Fields that choose between forms, or are addresses. */
const forCode = new Set(["kind", "scale", "unit", "shape", "style", "seed"]);

export function inWordsOf<Value>(value: Value, say: Say): Value {
  return say === asIs ? value : (translated(value, say) as Value);
}

function translated(value: unknown, say: Say): unknown {
  if (typeof value === "string") return say(value);
  if (Array.isArray(value)) return value.map((each) => translated(each, say));
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  // A frame's name is what the text moves the figure by.
  const isFrame = "panels" in value && "says" in value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key,
      forCode.has(key) || (isFrame && key === "name") ? field : translated(field, say),
    ]),
  );
}
