/** The playground in an address: each knob that was moved under its own name, readable by people. */
import { tidied, type Values } from "./knobs.ts";
import type { View } from "./picture.ts";

export interface Remembered {
  readonly values: Values;
  readonly view: View;
  readonly held: readonly Values[];
  /** Packed text of the reader's own trace; null where there is none, or too much of it. */
  readonly trace: string | null;
  readonly traceName: string;
}

export function toHash({ values, view, held, trace, traceName }: Remembered): URLSearchParams {
  const hash = new URLSearchParams({ ...values });
  if (view.from > 0) hash.set("view-from", String(view.from));
  if (view.at !== null) hash.set("view-at", String(view.at));
  for (const each of held) hash.append("held", new URLSearchParams({ ...each }).toString());
  if (trace !== null) {
    hash.set("trace-name", traceName);
    hash.set("trace", trace);
  }
  return hash;
}

/** What is not understood is left at its default. */
export function fromHash(hash: URLSearchParams): Remembered {
  const share = hash.get("view-at");
  const at = share === null || share === "" ? NaN : Number(share);
  const from = Number(hash.get("view-from"));
  return {
    values: tidied(hash),
    view: { from: Number.isInteger(from) && from > 0 ? from : 0, at: at >= 0 && at <= 1 ? at : null },
    held: hash
      .getAll("held")
      .slice(0, 3)
      .map((text) => tidied(new URLSearchParams(text))),
    trace: hash.get("trace"),
    traceName: hash.get("trace-name") ?? "trace",
  };
}
