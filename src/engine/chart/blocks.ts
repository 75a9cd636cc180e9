/** Whose tokens fill the KV cache at one moment of a simulated run, block by block. */
import { InputError } from "../errors.ts";
import { statuses, type Run } from "../run.ts";
import { formatNumber, withUnit } from "./format.ts";
import type { ChartDescription } from "./types.ts";
import { checkText } from "./validate.ts";

const MOST_CELLS = 4096;
const COLUMNS = 64;
/** vLLM's default block size, in tokens. */
const DEFAULT_BLOCK_SIZE = 16;

/**
 * At second `at` (default: when most blocks are in use). A request's blocks are
 * worked out from its times: prompt and answer are taken to grow steadily, from queue to first token and from first to last. Blocks are shown grouped by request;
 * in the server they lie scattered. Throws InputError for a measured run, or a time outside the run.
 */
export function blocks(run: Run, c: { title?: string; at?: number } = {}): ChartDescription {
  const title = c.title ?? "KV cache, block by block";
  checkText(title, "title");
  if (run.origin.kind !== "simulated")
    throw new InputError("run.origin.kind", run.origin.kind, '"simulated": a measured server does not show its blocks');
  const { scheduler } = run.origin.server;
  const size = scheduler?.blockSize ?? DEFAULT_BLOCK_SIZE;
  const at = c.at ?? busiest(run);
  if (!(at >= 0 && at < Infinity)) throw new InputError("at", at, "a number of seconds, 0 or more");

  const held = holders(run, at, size);
  const used = held.reduce((sum, h) => sum + h.blocks, 0);
  const total = Math.max(used, scheduler?.numGpuBlocks ?? peakBlocks(run));
  const blocksPerCell = Math.max(1, Math.ceil(total / MOST_CELLS));
  const owners = new Int32Array(Math.ceil(total / blocksPerCell)).fill(-1);
  let next = 0;
  for (const { request, blocks: n } of held) {
    owners.fill(request, Math.round(next / blocksPerCell), Math.round((next + n) / blocksPerCell));
    next += n;
  }
  const largest = held.reduce((a, b) => (b.blocks > a.blocks ? b : a), { request: -1, blocks: 0 });
  const share = total > 0 ? ` (${formatNumber((100 * used) / total)} %)` : "";
  return {
    kind: "blocks",
    title,
    finding:
      held.length === 0
        ? `At ${withUnit(at, "s")} no block is in use.`
        : held.length === 1
          ? `At ${withUnit(at, "s")}, request ${largest.request} alone holds ${formatNumber(used, 7)} of ${formatNumber(total, 7)} blocks${share}.`
          : `At ${withUnit(at, "s")}, ${held.length} requests hold ${formatNumber(used, 7)} of ${formatNumber(total, 7)} blocks${share}; request ${largest.request} holds most, ${formatNumber(largest.blocks, 7)}.`,
    table: {
      columns: ["request", "blocks", "tokens"],
      rows: [...held.map((h) => [h.request, h.blocks, h.tokens]), ["free", total - used, ""]],
    },
    spec: { columns: COLUMNS, owners, blocksPerCell },
  };
}

interface Holder {
  readonly request: number;
  readonly blocks: number;
  readonly tokens: number;
}

function holders({ requests: r, explain }: Run, at: number, size: number): Holder[] {
  const held: Holder[] = [];
  for (let i = 0; i < r.count; i++) {
    const from = r.started[i] + (explain?.queue[i] ?? 0);
    const to = Number.isNaN(r.last[i]) ? r.closed[i] : r.last[i];
    if (!(from <= at && at < to) || statuses[r.status[i]] === "unsent") continue;
    const span = r.last[i] - r.first[i];
    const grown = at < r.first[i] ? 0 : span > 0 ? (at - r.first[i]) / span : 1;
    const prefill = r.first[i] > from && at < r.first[i] ? (at - from) / (r.first[i] - from) : 1;
    const tokens = Math.floor(prefill * r.promptTokens[i]) + Math.floor((grown || 0) * r.outputTokens[i]);
    held.push({ request: i, blocks: Math.ceil(tokens / size), tokens });
  }
  return held;
}

function busiest(run: Run): number {
  const line = run.timeline;
  if (!line || line.t.length === 0) return 0;
  let most = 0;
  for (let i = 0; i < line.t.length; i++) if (line.blocks[i] > line.blocks[most]) most = i;
  return line.t[most];
}

function peakBlocks(run: Run): number {
  return run.timeline?.blocks.reduce((a, b) => Math.max(a, b), 0) ?? 0;
}
