/** What is typed into the estimator, by field, and how an address holds it. */

/** The text of every field while nobody has typed. Empty: not given, or what the catalogue says. */
export const defaults = {
  mode: "both",
  // The request.
  inKind: "point",
  in: "",
  in2: "",
  outKind: "point",
  out: "",
  out2: "",
  reasoning: "0",
  prefix: "0",
  groups: "1",
  // The load.
  calls: "",
  curve: "flat",
  hours: "",
  zone: "0",
  burstiness: "1",
  rtt: "0",
  // The promise.
  ttft: "",
  tpot: "",
  e2e: "",
  attainment: "95",
  per: "gaps",
  // The API.
  api: "gpt-5.6-luna",
  on: "",
  tier: "standard",
  cached: "",
  written: "",
  drift: "0",
  priceIn: "",
  priceCached: "",
  priceWrite: "",
  priceOut: "",
  apiTtft: "",
  apiSpeed: "",
  // Your own server.
  model: "llama-3.1-8b",
  config: "",
  gpu: "h100-sxm-80",
  gpus: "1",
  tp: "1",
  pp: "1",
  weights: "",
  kv: "",
  caching: "on",
  usd: "",
  operations: "1",
  bill: "always",
  // Advanced.
  engine: "vllm",
  utilisation: "",
  overhead: "",
  seqs: "",
  batch: "",
  set: "fitted",
  mfu: "",
  mbu: "",
} as const;

export type FieldName = keyof typeof defaults;
export type Typed = Readonly<Record<FieldName, string>>;
export const names = Object.keys(defaults) as FieldName[];
export const untouched: Typed = defaults;

/** Configurations that stand beside each other, the one at hand included. */
export const MOST_COMPARED = 4;

/** Only what differs from the defaults. A pasted config goes in packed: `config` is that. */
export function toParams(typed: Typed, config = ""): URLSearchParams {
  const params = new URLSearchParams();
  for (const name of names) {
    const value = name === "config" ? config : typed[name];
    if (value !== defaults[name]) params.set(name, value);
  }
  return params;
}

/** What the address does not name stays at its default; names that nobody knows are left out. */
export function fromParams(params: URLSearchParams): Typed {
  const given = names.flatMap((name) => {
    const value = params.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return { ...untouched, ...Object.fromEntries(given) };
}

/** Nothing of the request or the load is given yet. */
export function isEmpty(typed: Typed): boolean {
  return typed.in === "" && typed.out === "" && typed.calls === "";
}
