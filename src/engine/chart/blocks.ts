/** Whose tokens fill the KV cache at one moment of a simulated run, block by block. */
import { InputError } from "../errors.ts";
import { memoryBudget } from "../estimate/memory.ts";
import { optionsOf } from "../options.ts";
import { statuses, type Run } from "../run.ts";
import type { Server } from "../server.ts";
import { formatNumber, withUnit } from "./format.ts";
import type { BlocksChart, ChartDescription } from "./types.ts";
import { checkChart, checkText } from "./validate.ts";
import { requireRun } from "../valid-run.ts";

const MOST_CELLS = 4096;
const COLUMNS = 64;
/** vLLM's default block size, in tokens. */
const DEFAULT_BLOCK_SIZE = 16;

const blocksOptions = optionsOf<BlocksChart>({ title: "anything", says: "anything", at: "a number" });

/**
 * At second `at` (default: when most blocks are in use). A request's blocks are
 * worked out from its times: prompt and answer are taken to grow steadily, from queue to first token and from first to last. Blocks are shown grouped by request;
 * in the server they lie scattered. Throws InputError for a measured run, or a time outside the run.
 */
export function blocks(run: Run, c: BlocksChart = {}): ChartDescription {
  requireRun("run", run);
  checkChart(c, blocksOptions);
  const title = c.title ?? "KV cache, block by block";
  checkText(title, "title");
  if (run.origin.kind !== "simulated")
    throw new InputError("run.origin.kind", run.origin.kind, '"simulated": a measured server does not show its blocks');
  const { server } = run.origin;
  if (typeof server !== "object" || server === null)
    throw new InputError("run.origin.server", server, "the server that was simulated");
  const size = server.scheduler?.blockSize ?? DEFAULT_BLOCK_SIZE;
  if (!(Number.isInteger(size) && size >= 1))
    throw new InputError("run.origin.server.scheduler.blockSize", size, "a whole number of tokens");
  const at = c.at ?? busiest(run);
  const end = endOf(run);
  if (!(typeof at === "number" && at >= 0 && at <= end))
    throw new InputError("at", at, `a moment of the run, from 0 to ${formatNumber(end, 6)} s`);

  const held = holders(run, at, size);
  const used = held.reduce((sum, h) => sum + h.blocks, 0);
  // Requests that share a prefix hold some blocks together: counted one by one they can come to more than there are.
  const total = Math.max(used, capacityOf(run.origin.server));
  const blocksPerCell = Math.max(1, Math.ceil(total / MOST_CELLS));
  const owners = new Int32Array(Math.ceil(total / blocksPerCell)).fill(-1);
  let next = 0;
  for (const { request, blocks: n } of held) {
    owners.fill(request, Math.round(next / blocksPerCell), Math.round((next + n) / blocksPerCell));
    next += n;
  }
  return {
    kind: "blocks",
    title,
    finding: c.says ?? findingAt(held, at, used, total),
    table: {
      columns: ["request", "blocks", "tokens"],
      rows: [...held.map((h) => [h.request, h.blocks, h.tokens]), ["free", total - used, ""]],
    },
    spec: { columns: COLUMNS, owners, blocksPerCell },
  };
}

function findingAt(held: readonly Holder[], at: number, used: number, total: number): string {
  const when = `At ${withUnit(at, "s")}`;
  if (held.length === 0) return `${when} none of ${formatNumber(total, 7)} blocks is in use.`;
  const share = total > 0 ? ` (${formatNumber((100 * used) / total)} %)` : "";
  const of = `${formatNumber(used, 7)} of ${formatNumber(total, 7)} blocks${share}`;
  const largest = held.reduce((a, b) => (b.blocks > a.blocks ? b : a));
  return held.length === 1
    ? `${when}, request ${largest.request} alone holds ${of}.`
    : `${when}, ${held.length} requests hold ${of}; request ${largest.request} holds most, ${formatNumber(largest.blocks, 7)}.`;
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

/** When the last request ended, or the last step did. */
function endOf(run: Run): number {
  let end = run.timeline?.t.at(-1) ?? 0;
  for (const t of run.requests.closed) if (t > end) end = t;
  return end;
}

function busiest(run: Run): number {
  const line = run.timeline;
  if (!line || line.t.length === 0) return 0;
  let most = 0;
  for (let i = 0; i < line.t.length; i++) if (line.blocks[i] > line.blocks[most]) most = i;
  return line.t[most];
}

/** Blocks of all engines together: as many as each was told, or what the memory budget leaves. */
function capacityOf(server: Server): number {
  const { tensorParallel = 1, pipelineParallel = 1, dataParallel = 1, replicas = 1, disaggregated, scheduler } = server;
  const engines = disaggregated
    ? (disaggregated.prefillGpus + disaggregated.decodeGpus) / (tensorParallel * pipelineParallel)
    : 1;
  const blocks =
    scheduler?.numGpuBlocks !== undefined ? scheduler.numGpuBlocks * dataParallel : memoryBudget(server).blocks;
  return Math.round(blocks * engines * replicas);
}
