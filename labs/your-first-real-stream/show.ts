/** Draws what readRun found. Nothing to change here. */
import { chart, chunkKinds, param, selfHostedCost, summarize, type Run } from "perflab";

/** Seconds and USD; NaN where a request has no such number. */
export interface Reading {
  /** Which request of the run. */
  readonly request: number;
  readonly ttft: number;
  readonly tpot: number;
  readonly e2e: number;
  readonly cost: number;
}

const tokenBearing = chunkKinds.content | chunkKinds.reasoning | chunkKinds.tool;

export function show(run: Run, readings: readonly Reading[]): void {
  const { requests, chunks } = run;
  const drawn = readings.filter(({ ttft, e2e }) => Number.isFinite(ttft) && Number.isFinite(e2e));
  if (drawn.length < readings.length) {
    console.warn(`Not drawn: ${readings.length - drawn.length} readings without a TTFT or an end.`);
  }
  if (drawn.length === 0) {
    console.warn("No request has an answer, so there is nothing to draw.");
    return;
  }
  if (chunks !== undefined) {
    chart.line({
      title: "The first answers as they arrive",
      x: { label: "Time since the run began", unit: "s" },
      y: { label: "Tokens received" },
      series: drawn.slice(0, 6).map(({ request }) => {
        let received = 0;
        const points = [{ x: requests.started[request] ?? NaN, y: 0 }]; // flat until the first token: that is TTFT
        chunks.t.forEach((t, k) => {
          if (chunks.request[k] !== request || ((chunks.kind[k] ?? 0) & tokenBearing) === 0) return;
          received += chunks.tokens[k] ?? 0;
          points.push({ x: t, y: received });
        });
        return { name: nameOf(request), points };
      }),
    });
  }
  chart.bars({
    title: "Where each request's time went",
    y: { label: "Time", unit: "s" },
    categories: drawn.map(({ request }) => nameOf(request)),
    stacked: true,
    series: [
      { name: "to the first token", values: drawn.map(({ ttft }) => ttft) },
      { name: "from the first to the last", values: drawn.map(({ ttft, e2e }) => e2e - ttft) },
    ],
  });
  chart.ecdf({
    title: "How many had their first token by then",
    x: { label: "TTFT", unit: "s" },
    samples: [{ name: "TTFT", values: drawn.map(({ ttft }) => ttft) }],
  });
  chart.table({
    title: "Request by request",
    columns: ["Request", "Tokens in", "Tokens out", "TTFT, ms", "TPOT, ms", "E2E, ms", "Cost, USD"],
    rows: readings.map(({ request, ttft, tpot, e2e, cost }) => [
      request + 1,
      requests.promptTokens[request] ?? 0,
      requests.outputTokens[request] ?? 0,
      shown(ttft * 1000, 2),
      shown(tpot * 1000, 2),
      shown(e2e * 1000, 1),
      shown(cost, 7),
    ]),
  });

  const { outputTokensPerSecond, duration } = summarize(run);
  const byToken = readings.reduce((sum, { cost }) => sum + cost, 0);
  console.log(
    Number.isNaN(byToken)
      ? "By the token, the answers cost what readRun does not say yet."
      : `By the token, the ${readings.length} answers cost $${byToken.toFixed(6)}.`,
  );
  if (outputTokensPerSecond > 0) {
    const gpuHour = param("gpuHour");
    const { perMillionOutputTokens } = selfHostedCost({ gpuHour, gpus: 1, outputTokensPerSecond });
    const bill = (gpuHour / 3600) * duration;
    console.log(
      `By the hour, ${duration.toFixed(1)} s of a GPU at $${gpuHour} an hour cost $${bill.toFixed(6)}: ` +
        `$${perMillionOutputTokens.toFixed(2)} per million output tokens.`,
    );
  }
}

function nameOf(request: number): string {
  return `#${request + 1}`;
}

function shown(value: number, digits: number): number | string {
  return Number.isFinite(value) ? Number(value.toFixed(digits)) : "–";
}
