/** The fitted constants in words: what each is, and what it costs when it is wrong. */

const words: readonly (readonly [RegExp, string, "share" | "time" | "factor"])[] = [
  [/^compute\./, "Arithmetic reached in matrix products", "share"],
  [/^weights\./, "Bandwidth reached when weights are read", "share"],
  [/^kv\./, "Bandwidth reached when the KV cache is read", "share"],
  [/^attention\./, "Arithmetic reached in prefill’s attention", "share"],
  [/^layer\./, "Host time of a layer", "time"],
  [/^step\./, "Host time of a step", "time"],
  [/^sequence\./, "Host time of a sequence in a step", "time"],
  [/^ingress\./, "Time in the front end, before and after the scheduler", "time"],
  [/^opening\./, "Share of prompts that arrive together, as in a burst", "share"],
  [/^link\.latency\./, "Latency of one exchange between GPUs", "time"],
  [/^link\.share\./, "Bandwidth reached between GPUs", "share"],
  [/^experts\.weights\./, "Weights of experts that are read, beside the count", "factor"],
  [/^experts\.compute\./, "Arithmetic of experts, beside the count", "factor"],
];

export function constantInWords(name: string): string {
  return words.find(([pattern]) => pattern.test(name))?.[1] ?? name;
}

export function constantKind(name: string): "share" | "time" | "factor" {
  return words.find(([pattern]) => pattern.test(name))?.[2] ?? "factor";
}
