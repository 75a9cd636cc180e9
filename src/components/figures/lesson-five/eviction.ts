/** A prefix cache at work, request by request: what each finds, and which texts are thrown out for it. Out of the engine's own cache. */
import type { ChartDescription } from "../../../engine/chart/types.ts";
import { bars } from "../../../engine/chart/index.ts";
import type { Server } from "../../../engine/server.ts";
import { watch, type Watched } from "../../../engine/simulate/watch.ts";
import { script } from "../../../engine/workload/expand.ts";
import { count, percent } from "../../format.ts";
import type { Frame, MovingFigure } from "../moving.ts";

const block = 16;
/** Blocks of the cache: 512 tokens. */
const room = 32;
const texts = {
  system: 128,
  "document A": 160,
  "document B": 160,
  "document C": 160,
  time: 8,
  question: 24,
  "short question": 16,
} as const;
type Text = keyof typeof texts;

/** In the order in which they are asked; each has been answered before the next one comes. */
const asked: readonly { readonly name: string; readonly parts: readonly Text[]; readonly state: string }[] = [
  { name: "first", state: "cold", parts: ["system", "document A", "question"] },
  { name: "other document", state: "shared", parts: ["system", "document B", "question"] },
  { name: "A again", state: "hit", parts: ["system", "document A", "question"] },
  { name: "third document", state: "evicts", parts: ["system", "document C", "question"] },
  { name: "B again", state: "gone", parts: ["system", "document B", "question"] },
  { name: "time first", state: "time-first", parts: ["time", "system", "document B", "short question"] },
  { name: "B once more", state: "after", parts: ["system", "document B", "question"] },
];
const tracked = ["document A", "document B", "document C"] as const;

/** What one request finds, and what of each text is there once it has been answered. Tokens. */
export interface Served {
  readonly name: string;
  readonly prompt: number;
  readonly found: number;
  readonly kept: Readonly<Record<string, number>>;
}

/** Probes that stand in no line: requests for each text that come last of all, whose prompts the cache is asked for. */
function watched(server: Server): Watched {
  const once = new Set<Text>(["time", "question", "short question"]);
  const segments = (parts: readonly Text[], k: number) =>
    parts.map((part) => ({ id: once.has(part) ? `${part} ${k}` : part, tokens: texts[part] }));
  const requests = asked.map(({ parts }, k) => ({ at: k, prompt: segments(parts, k), output: 4 }));
  const probes = tracked.map((text, k) => ({ at: asked.length + k, prompt: segments(["system", text], 0), output: 1 }));
  return watch(
    { ...server, scheduler: { numGpuBlocks: room + 1, blockSize: block } },
    script([...requests, ...probes]),
  );
}

export function served(server: Server): Served[] {
  const { steps, prompts } = watched(server);
  return asked.map(({ name }, k) => {
    const own = steps.filter(({ computes }) => computes.some(({ request }) => request === k));
    const prompt = prompts[k] ?? 0;
    const computed = own
      .flatMap(({ computes }) => computes)
      .filter(({ request, prefill }) => request === k && prefill)
      .reduce((sum, { tokens }) => sum + tokens, 0);
    const { cached = [] } = own.at(-1) ?? {};
    const kept = Object.fromEntries(
      tracked.map((text, probe) => [text, Math.max(0, (cached[asked.length + probe] ?? 0) - texts.system)]),
    );
    const system = Math.min(texts.system, Math.max(...tracked.map((_, probe) => cached[asked.length + probe] ?? 0)));
    return { name, prompt, found: prompt - computed, kept: { system, ...kept } };
  });
}

export function eviction(server: Server): MovingFigure {
  const all = served(server);
  const frames = all.map((now, k): Frame => {
    const { parts, state } = asked[k]!;
    return {
      name: state,
      at: `request ${k + 1}`,
      says: `${parts.join(", ")}: ${count(now.found)} of ${count(now.prompt)} tokens are found, ${count(now.prompt - now.found)} are computed.`,
      readings: [
        ["found", `${count(now.found)} tokens`],
        ["computed", `${count(now.prompt - now.found)} tokens`],
        ["share found so far", percent(share(all.slice(0, k + 1)))],
      ],
      panels: [ribbon(all, k), residents(now)],
    };
  });
  return {
    title: "What a prefix cache finds, and what it lets go",
    slider: "Request",
    origin: { kind: "simulated", seed: 0 },
    frames,
    still: asked.findIndex(({ state }) => state === "gone"),
    play: 1800,
  };
}

const share = (some: readonly Served[]) =>
  some.reduce((sum, { found }) => sum + found, 0) / some.reduce((sum, { prompt }) => sum + prompt, 0);

/** Each prompt so far, as a ribbon of its tokens. */
function ribbon(all: readonly Served[], until: number): ChartDescription {
  const shown = all.slice(0, until + 1);
  return {
    kind: "gantt",
    title: "Prompts, token by token",
    finding: `The last of ${count(shown.length)} prompts finds ${count(shown.at(-1)?.found ?? 0)} tokens.`,
    table: {
      columns: ["request", "found (tokens)", "computed (tokens)"],
      rows: shown.map(({ name, found, prompt }) => [name, found, prompt - found]),
    },
    spec: {
      x: { label: "tokens of the prompt" },
      kinds: ["found", "computed"],
      rows: all.map(({ name, found, prompt }, k) => ({
        label: `${k + 1} ${name}`,
        spans:
          k > until
            ? []
            : [...(found > 0 ? [{ from: 0, to: found, kind: 0 }] : []), { from: found, to: prompt, kind: 1 }],
      })),
    },
  };
}

/** What of each text is in the cache. */
function residents({ kept }: Served): ChartDescription {
  const names = Object.keys(kept);
  const size = (name: string) => texts[name as Text];
  return bars({
    title: "Tokens of each text that could be found now",
    says: names.map((name) => `${name} ${count(kept[name] ?? 0)} of ${count(size(name))}`).join("; ") + ".",
    y: { label: "Tokens" },
    categories: names,
    series: [
      { name: "there", values: names.map((name) => kept[name] ?? 0) },
      { name: "not there", values: names.map((name) => size(name) - (kept[name] ?? 0)) },
    ],
    stacked: true,
  });
}
