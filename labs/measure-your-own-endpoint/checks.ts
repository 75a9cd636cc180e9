import { fixed, percentile, percentileInterval, poisson, statuses, summarize, tokenSources, type Run } from "perflab";
import { check, close, exportedFunction, that, type LabUnderTest } from "perflab/checks";

type Bounded = { readonly value: number; readonly low: number; readonly high: number } | null;
const numberOf = (lab: LabUnderTest, name: string) => exportedFunction<(run: Run) => number>(lab, `${name}(run)`);
const boundedOf = (lab: LabUnderTest) =>
  exportedFunction<(values: readonly number[], q: number) => Bounded>(lab, "bounded(values, q)");

/** A run put together by hand: request i is due after i ÷ 4 s, answered as told, and the server has counted. */
function runOf(
  seed: number,
  { failed = [], server }: { failed?: readonly number[]; server?: { generatedTokens?: number; ttft?: number } } = {},
): Run {
  const n = 24;
  const index = Array.from({ length: n }, (_, i) => i);
  const ends = (i: number) => i / 4 + 0.6 + ((seed + 7 * i) % 11) / 10;
  const lost = (i: number) => failed.includes(i);
  const counts = (value: (i: number) => number) => Uint32Array.from(index, value);
  const times = (value: (i: number) => number) => Float64Array.from(index, value);
  const { generatedTokens, ttft } = server ?? {};
  return {
    origin: { kind: "measured", target: "a test", model: "m", transport: "node:http", clientLag: 0 },
    workload: { arrivals: poisson(4), prompt: fixed(400), output: fixed(40), requests: n },
    versions: {},
    requests: {
      count: n,
      scheduled: times((i) => 0.3 + i / 4),
      started: times((i) => 0.3 + i / 4 + (i % 3) / 100),
      headers: times((i) => (lost(i) ? NaN : 0.35 + i / 4)),
      firstEvent: times((i) => (lost(i) ? NaN : 0.36 + i / 4)),
      first: times((i) => (lost(i) ? NaN : 0.4 + i / 4 + ((seed + 3 * i) % 9) / 100)),
      last: times((i) => (lost(i) ? NaN : 0.3 + ends(i))),
      closed: times((i) => (lost(i) ? NaN : 0.31 + ends(i))),
      promptTokens: counts(() => 400),
      cachedTokens: counts(() => 0),
      outputTokens: counts((i) => (lost(i) ? 0 : 30 + ((seed + i) % 20))),
      tokenSource: new Uint8Array(n).fill(tokenSources.indexOf("usage")),
      status: Uint8Array.from(index, (i) => statuses.indexOf(lost(i) ? "failed" : "succeeded")),
      preemptions: new Uint16Array(n),
      replica: new Uint16Array(n),
    },
    measurement: {
      askedPromptTokens: counts(() => 400),
      askedOutputTokens: counts(() => 40),
      zero: 0,
      streamed: true,
      salt: 1,
      warmup: 4,
      dispatchLag: 0,
      heartbeatLag: 0,
      bytes: 0,
      peakInFlight: 4,
      ...(server && {
        server: {
          engine: "vllm",
          ...(generatedTokens !== undefined && { generatedTokens }),
          ...(ttft !== undefined && { means: { ttft } }),
        },
      }),
    },
  };
}

const received = ({ requests }: Run) => requests.outputTokens.reduce((sum, tokens) => sum + tokens, 0);

export default [
  check("achievedRate counts what came back", (lab) => {
    const run = runOf(lab.seed, { failed: [3, 11] });
    const { closed, scheduled, count } = run.requests;
    const span = Math.max(...closed.filter((t) => !Number.isNaN(t))) - Math.min(...scheduled);
    const answer = numberOf(lab, "achievedRate")(run);
    const told = { seen: perSecond(answer), expected: perSecond(22 / span) };
    that(answer !== 4, {
      ...told,
      why: "That is the rate that was asked for. A server that can't keep up is asked all the same.",
    });
    that(!Number.isNaN(answer), {
      ...told,
      why: "Requests that failed have no end, and the largest of numbers and NaN is NaN.",
      hint: "Leave NaN out before Math.max.",
    });
    that(Math.abs(answer - count / span) > 1e-9, {
      ...told,
      why: "Two of these requests failed. A refusal is not work done.",
    });
    that(Math.abs(answer - 22 / (Math.max(...scheduled) - Math.min(...scheduled))) > 1e-9, {
      ...told,
      why: "This ends when the last request was due. The work ended when the last answer did.",
    });
    close(answer, 22 / span, {
      relative: 1e-6,
      what: "requests a second:",
      why: "22 succeeded, from when the first was due to the end of the last.",
    });
  }),

  check("bounded gives a percentile with its interval, or null", (lab) => {
    const values = Array.from({ length: 600 }, (_, i) => 0.05 + ((i * 211 + lab.seed) % 600) / 1000);
    const right = percentileInterval(values, 99)!;
    const answer = boundedOf(lab)(values, 99);
    that(answer !== null, {
      seen: "null for 600 values",
      expected: "a value with its interval",
      why: "600 values bound a p99.",
    });
    close(answer.value, percentile(values, 99), {
      relative: 1e-9,
      what: "p99 of 600 values, in seconds:",
      why: "The value is the percentile itself.",
    });
    close(answer.low, right[0], {
      relative: 1e-9,
      what: "low, in seconds:",
      why: "The lower end of the 95 % interval.",
    });
    close(answer.high, right[1], {
      relative: 1e-9,
      what: "high, in seconds:",
      why: "The upper end of the 95 % interval.",
    });
    const few = boundedOf(lab)(values.slice(0, 120 + (lab.seed % 200)), 99);
    that(few === null, {
      seen: `${JSON.stringify(few)} for a few hundred values`,
      expected: "null",
      why: "None of so few values is known to be above the true p99. A card that prints one anyway prints luck.",
    });
    const p90 = boundedOf(lab)(values.slice(0, 120), 90);
    that(p90 !== null, {
      seen: "null for the p90 of 120 values",
      expected: "an interval",
      why: "120 values do bound a p90.",
    });
    close(p90.high, percentileInterval(values.slice(0, 120), 90)![1], {
      relative: 1e-9,
      what: "high of a p90, in seconds:",
      why: "The percentile that is asked for.",
    });
  }),

  check("unaccounted is what the server wrote and nobody got", (lab) => {
    const got = received(runOf(lab.seed));
    const extra = 17 + (lab.seed % 90);
    const run = runOf(lab.seed, { server: { generatedTokens: got + extra } });
    const answer = numberOf(lab, "unaccounted")(run);
    that(answer !== -extra, {
      seen: `${answer} tokens`,
      expected: `${extra} tokens`,
      why: "The sign is the other way round. More than zero means that the server worked for an answer that you did not get, or for somebody else.",
    });
    close(answer, extra, {
      absolute: 0,
      what: "tokens:",
      why: "What the server counted, less the sum of outputTokens.",
    });
    close(numberOf(lab, "unaccounted")(runOf(lab.seed, { server: { generatedTokens: got } })), 0, {
      absolute: 0,
      what: "tokens, where both counts agree:",
      why: "Nothing is missing.",
    });
    const unknown = numberOf(lab, "unaccounted")(runOf(lab.seed));
    that(Number.isNaN(unknown), {
      seen: `${unknown} tokens for a server without metrics`,
      expected: "NaN",
      why: "Nobody knows. Zero would say that all is well.",
    });
  }),

  check("onTheWay is the client's mean TTFT less the server's", (lab) => {
    const serverTtft = 0.02 + (lab.seed % 30) / 1000;
    const run = runOf(lab.seed, { failed: [5], server: { ttft: serverTtft } });
    const { first, started, scheduled, status } = run.requests;
    const mean = (from: Float64Array) => {
      const waits = [...first].map((t, i) => t - from[i]!).filter((_, i) => statuses[status[i]!] === "succeeded");
      return waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
    };
    const answer = numberOf(lab, "onTheWay")(run);
    const told = { seen: ms(answer), expected: ms(mean(started) - serverTtft) };
    that(Math.abs(answer - (mean(scheduled) - serverTtft)) > 1e-9, {
      ...told,
      why: "This begins when the request was due, so the wait in your own generator is in it.",
    });
    that(Math.abs(answer - (serverTtft - mean(started))) > 1e-9, { ...told, why: "The sign is the other way round." });
    that(Math.abs(answer - mean(started)) > 1e-9, {
      ...told,
      why: "That is your whole TTFT. The server's part is still in it.",
    });
    close(answer, mean(started) - serverTtft, {
      relative: 1e-6,
      what: "seconds on the way:",
      why: "The server's clock runs from arrival to first token. What it does not see is on the way.",
    });
    const unknown = numberOf(lab, "onTheWay")(runOf(lab.seed));
    that(Number.isNaN(unknown), {
      seen: `${ms(unknown)} for a server without metrics`,
      expected: "NaN",
      why: "Nobody knows what the server saw.",
    });
  }),

  check("Your card is of your own run", (lab) => {
    const run = lab.runs.at(-1);
    that(run !== undefined, {
      seen: "no run",
      expected: "one run made with benchmark",
      why: "This check reads your last run.",
      hint: "Press Run, and see that benchmark is called.",
    });
    const all = summarize(run, { window: "all" });
    that(all.succeeded > 0, {
      seen: `none of ${run.requests.count} requests succeeded`,
      expected: "at least one",
      why: "Without an answer there is nothing to report. The console says what went wrong with the requests.",
    });
    close(numberOf(lab, "achievedRate")(run), all.requestsPerSecond, {
      relative: 1e-3,
      what: "requests a second of your run:",
      why: "Yours and summarize read the same columns.",
    });
  }),
];

function ms(seconds: number): string {
  return `${(seconds * 1000).toFixed(2)} ms`;
}

function perSecond(rate: number): string {
  return `${rate.toFixed(3)} requests a second`;
}
