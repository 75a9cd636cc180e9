/** Names of fields as the page shows them. */
import type { FieldName } from "./fields.ts";

export const labels: Readonly<Partial<Record<FieldName, string>>> = {
  in: "tokens in",
  in2: "the other end of tokens in",
  out: "tokens out",
  out2: "the other end of tokens out",
  calls: "calls a day",
  priceIn: "the price of tokens in",
  priceOut: "the price of tokens out",
  mfu: "compute efficiency",
  mbu: "bandwidth efficiency",
};
