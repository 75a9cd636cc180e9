/** What load a run was under, in words, and how the loads of two runs differ. */
import { statuses, type Run } from "../run.ts";
import { HELD_BY_A_CAP, inFlight } from "./throughput.ts";

/** Lengths and rates that differ by less count as the same: random prompts and arrivals differ by themselves. */
const SAME = 0.1;

interface Load {
  readonly held: string;
  readonly closed: boolean | undefined;
  readonly level: number | undefined;
  readonly prompt: number;
  readonly output: number;
  readonly requests: number;
}

function loadOf(run: Run): Load {
  const { requests: r, workload } = run;
  const mean = (values: ArrayLike<number>): number => {
    let [sum, n] = [0, 0];
    for (let i = 0; i < r.count; i++)
      if (statuses[r.status[i]] === "succeeded") {
        sum += values[i];
        n++;
      }
    return n > 0 ? sum / n : NaN;
  };
  return {
    ...arrivalsOf(run),
    prompt: mean(r.promptTokens),
    output: mean(r.outputTokens),
    requests: workload.requests ?? r.count,
  };
}

/** As the workload asks; for a file of another tool, as its requests left. */
function arrivalsOf({ workload, requests: r, untimed }: Run): Pick<Load, "held" | "closed" | "level"> {
  const { arrivals, maxConcurrency } = workload;
  if (arrivals.kind === "closed")
    return { held: `${arrivals.users} users in turn`, closed: true, level: arrivals.users };
  if (arrivals.kind === "burst") return { held: "all at once", closed: true, level: r.count };
  // A file has null for a rate without end.
  if ("rate" in arrivals && Number.isFinite(arrivals.rate))
    return { held: `${short(arrivals.rate)} requests/s`, closed: false, level: arrivals.rate };
  if (untimed) {
    const held = maxConcurrency === undefined ? "at times that were not kept" : `at most ${maxConcurrency} at once`;
    return { held, closed: undefined, level: maxConcurrency };
  }
  const left = Array.from({ length: r.count }, (_, i) => i)
    .filter((i) => !Number.isNaN(r.started[i]))
    .sort((i, j) => r.started[i] - r.started[j]);
  if (left.length < 2) return { held: "a single request", closed: undefined, level: undefined };
  const starts = left.map((i) => r.started[i]);
  const { mean, peak } = inFlight(
    starts,
    left.map((i) => (r.closed[i] >= r.started[i] ? r.closed[i] : r.started[i])),
  );
  if (peak === left.length) return { held: "all at once", closed: true, level: peak };
  const rate = (left.length - 1) / (starts[starts.length - 1] - starts[0]);
  return mean >= HELD_BY_A_CAP * peak || !Number.isFinite(rate)
    ? { held: `${peak} at once`, closed: true, level: peak }
    : { held: `${short(rate)} requests/s`, closed: false, level: rate };
}

/** Every difference a sentence; none where the loads are alike, or where a run has no success to be under a load. */
export function loadDifferences(a: Run, b: Run): string[] {
  if (![a, b].every((run) => run.requests.status.some((status) => statuses[status] === "succeeded"))) return [];
  const [x, y] = [loadOf(a), loadOf(b)];
  const out: string[] = [];
  const kindsKnown = x.closed !== undefined && y.closed !== undefined;
  if ((kindsKnown && x.closed !== y.closed) || differ(x.level, y.level))
    out.push(
      `the load: a ${x.held}, b ${y.held}${kindsKnown && x.closed !== y.closed ? " (closed against open: their latencies mean different things)" : ""}`,
    );
  if (differ(x.prompt, y.prompt)) out.push(`prompts: a ${short(x.prompt)} tokens on average, b ${short(y.prompt)}`);
  if (differ(x.output, y.output)) out.push(`answers: a ${short(x.output)} tokens on average, b ${short(y.output)}`);
  if (a.requests.count !== b.requests.count) out.push(`requests: a ${a.requests.count}, b ${b.requests.count}`);
  const [s, t] = [a.measurement?.streamed, b.measurement?.streamed];
  if (s !== undefined && t !== undefined && s !== t) out.push(`streaming: only ${s ? "a" : "b"} was streamed`);
  const [m, n] = [modelOf(a), modelOf(b)];
  if (m !== "" && n !== "" && m !== n) out.push(`the model: a ${m}, b ${n}`);
  return out;
}

function modelOf({ origin }: Run): string {
  return origin.kind === "measured" ? origin.model : "";
}

function differ(a: number | undefined, b: number | undefined): boolean {
  if (a === undefined || b === undefined || Number.isNaN(a) || Number.isNaN(b)) return false;
  return Math.abs(a - b) > SAME * Math.max(a, b);
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
