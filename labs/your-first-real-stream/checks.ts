import { closed, decodeStep, fixed, percentile, statuses, summarize, tokenSources, type Run } from "perflab";
import { check, close, exportedFunction, that, type LabUnderTest } from "perflab/checks";

interface Reading {
  readonly request: number;
  readonly ttft: number;
  readonly tpot: number;
  readonly e2e: number;
  readonly cost: number;
}
type ReadRun = (run: Run, price: { input: number; output: number }) => readonly Reading[];

/** One request as it is put on record: seconds from the start of the run. */
interface Told {
  readonly started: number;
  readonly headers: number;
  readonly first: number;
  readonly last: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly status: (typeof statuses)[number];
}

/** A run put together by hand, so that what is in it is known. */
function runOf(told: readonly Told[]): Run {
  const times = (value: (one: Told) => number) => Float64Array.from(told, value);
  const counts = (value: (one: Told) => number) => Uint32Array.from(told, value);
  return {
    origin: { kind: "simulated", server: { model: "llama-3.1-8b", gpu: "h100-sxm-80" }, seed: 0 },
    workload: { arrivals: closed(1), prompt: fixed(128), output: fixed(64), requests: told.length },
    versions: {},
    requests: {
      count: told.length,
      scheduled: times((one) => one.started),
      started: times((one) => one.started),
      headers: times((one) => one.headers),
      firstEvent: times((one) => one.headers + 0.4 * (one.first - one.headers)),
      first: times((one) => one.first),
      last: times((one) => one.last),
      closed: times((one) => one.last + 0.003),
      promptTokens: counts((one) => one.promptTokens),
      cachedTokens: new Uint32Array(told.length),
      outputTokens: counts((one) => one.outputTokens),
      tokenSource: new Uint8Array(told.length).fill(tokenSources.indexOf("usage")),
      status: Uint8Array.from(told, (one) => statuses.indexOf(one.status)),
      preemptions: new Uint16Array(told.length),
      replica: new Uint16Array(told.length),
    },
  };
}

/** Answers of 5 to 64 tokens whose headers come long before their first token. */
function answers(seed: number): readonly Told[] {
  return [0, 1, 2, 3, 4].map((k) => {
    const draw = (seed * 13 + k * 29) % 60;
    const started = 0.5 + k * 0.8;
    const first = started + 0.09 + draw / 400;
    const outputTokens = 5 + draw;
    return {
      started,
      headers: started + 0.02,
      first,
      last: first + (outputTokens - 1) * (0.007 + draw / 5000),
      promptTokens: 80 + 11 * draw,
      outputTokens,
      status: "succeeded",
    };
  });
}

const price = { input: 0.2, output: 1.2 };

/** The learner's readings of a run, which must be one per request that succeeded. */
function readingsOf(lab: LabUnderTest, told: readonly Told[]): readonly (readonly [Told, Reading])[] {
  const readings = exportedFunction<ReadRun>(lab, "readRun(run, price)")(runOf(told), price);
  that(Array.isArray(readings), {
    seen: `readRun gave ${String(readings)}`,
    expected: "a list of readings",
    why: "The checks look at one reading per request.",
  });
  return told.flatMap((one, request) => {
    if (one.status !== "succeeded") return [];
    const reading = readings.find((candidate) => candidate.request === request);
    that(reading !== undefined, {
      seen: `no reading of request ${request}`,
      expected: "one reading for each request that succeeded",
      why: "A request that is left out by mistake is missing from every average.",
    });
    return [[one, reading] as const];
  });
}

export default [
  check("TTFT ends with the first token, E2E with the last", (lab) => {
    for (const [one, { ttft, e2e }] of readingsOf(lab, answers(lab.seed))) {
      const right = one.first - one.started;
      that(!near(ttft, one.headers - one.started), {
        seen: `a TTFT of ${ms(ttft)}`,
        expected: ms(right),
        why: "That is when the headers came. They say that the server is there, not that it has anything to say.",
        hint: "The column first holds the first event with a token in it.",
      });
      close(ttft, right, {
        relative: 1e-4,
        what: "TTFT in seconds:",
        why: "It runs from when the request was sent to the first event that carries a token.",
      });
      close(e2e, one.last - one.started, {
        relative: 1e-4,
        what: "E2E in seconds:",
        why: "It runs from when the request was sent to the last token.",
      });
    }
  }),

  check("TPOT shares the time from the first to the last token among N − 1 gaps", (lab) => {
    for (const [one, { tpot }] of readingsOf(lab, answers(lab.seed))) {
      const { outputTokens: n } = one;
      const right = (one.last - one.first) / (n - 1);
      const seen = `${ms(tpot)} for an answer of ${n} tokens`;
      that(!near(tpot, (one.last - one.first) / n), {
        seen,
        expected: ms(right),
        why: `${n} tokens have ${n - 1} gaps between them, and this divides by ${n}.`,
        hint: "The first token has no gap before it: that wait is TTFT.",
      });
      that(!near(tpot, (one.last - one.started) / n) && !near(tpot, (one.last - one.started) / (n - 1)), {
        seen,
        expected: ms(right),
        why: "This has TTFT in it. Some tools do that on purpose, and their numbers can't be compared with others.",
        hint: "Start the clock at the first token.",
      });
      close(tpot, right, {
        relative: 1e-4,
        what: `TPOT of ${n} tokens in ${(one.last - one.first).toFixed(3)} s, in seconds:`,
        why: "TPOT is (last − first) ÷ (N − 1).",
      });
    }
  }),

  check("An answer of one token has no TPOT", (lab) => {
    const [whole] = answers(lab.seed);
    if (whole === undefined) return;
    // Its last event came a little later than its first, with the end of the text and no further token.
    const single = { ...whole, outputTokens: 1, last: whole.first + 0.002 };
    for (const [, { tpot, ttft }] of readingsOf(lab, [single])) {
      that(Number.isNaN(tpot), {
        seen: `a TPOT of ${String(tpot)}`,
        expected: "NaN",
        why: "One token has no gaps. Zero would say that the server is infinitely fast, Infinity that it is dead.",
        hint: "Ask whether n > 1 before you divide.",
      });
      close(ttft, single.first - single.started, {
        relative: 1e-4,
        what: "its TTFT in seconds:",
        why: "A short answer has a first token like any other.",
      });
    }
  }),

  check("Requests that failed are left out", (lab) => {
    const good = answers(lab.seed);
    const refused: Told = {
      started: 0.1,
      headers: 0.102,
      first: NaN,
      last: NaN,
      promptTokens: 0,
      outputTokens: 0,
      status: "failed",
    };
    // Cut in the middle: it has a first token and a last one, and yet no answer.
    const cut: Told = { ...refused, first: 0.14, last: 0.3, promptTokens: 100, outputTokens: 9 };
    const late: Told = { ...cut, status: "timedOut" };
    const told = [refused, ...good.slice(0, 2), cut, ...good.slice(2), late];
    const readRun = exportedFunction<ReadRun>(lab, "readRun(run, price)");
    const readings = readRun(runOf(told), price);
    that(readings.length <= good.length, {
      seen: `${readings.length} readings of a run in which ${good.length} requests of ${told.length} succeeded`,
      expected: `${good.length}`,
      why: "A request that was refused, cut off or given up has no latency. Count it as failed, and leave its times out.",
      hint: 'statuses[r.status[i]] is "succeeded" for those that belong here.',
    });
    readingsOf(lab, told);
  }),

  check("Each token costs its own price", (lab) => {
    for (const [one, { cost }] of readingsOf(lab, answers(lab.seed))) {
      const { promptTokens: input, outputTokens: output } = one;
      const right = (input * price.input + output * price.output) / 1e6;
      const expected = usd(right);
      const seen = `${usd(cost)} for ${input} tokens in and ${output} out`;
      that(!near(cost, (input * price.output + output * price.input) / 1e6), {
        seen,
        expected,
        why: "The prices have changed places: what goes in costs the input price, what comes out the output price.",
      });
      that(
        !near(cost, ((input + output) * price.output) / 1e6) && !near(cost, ((input + output) * price.input) / 1e6),
        {
          seen,
          expected,
          why: "This bills all tokens at one price. An output token costs six times as much here.",
        },
      );
      that(!near(cost, right * 1e6) && !near(cost, right * 1e3), {
        seen,
        expected,
        why: "The prices are for a million tokens.",
        hint: "Divide by 1e6.",
      });
      close(cost, right, {
        relative: 1e-4,
        what: `cost of ${input} tokens in and ${output} out, in USD:`,
        why: "Input tokens × input price + output tokens × output price, each per million.",
      });
    }
  }),

  check("Your readings of your own run agree with the engine's", (lab) => {
    const run = lab.runs.at(-1);
    that(run !== undefined, {
      seen: "no run",
      expected: "one run made with benchmark",
      why: "This check compares your readings of your last run with summarize.",
      hint: "Press Run, and see that benchmark is called.",
    });
    const summary = summarize(run);
    that(summary.succeeded > 0, {
      seen: `none of ${run.requests.count} requests succeeded`,
      expected: "at least one",
      why: "Without an answer there is nothing to read. The console says what went wrong with the requests.",
    });
    const readings = exportedFunction<ReadRun>(lab, "readRun(run, price)")(run, price);
    close(readings.length, summary.succeeded, {
      absolute: 0,
      what: "number of readings:",
      why: "There should be one for each request that succeeded.",
    });
    for (const metric of ["ttft", "tpot", "e2e"] as const) {
      const values = readings.map((reading) => reading[metric]).filter((value) => !Number.isNaN(value));
      if (summary[metric].n === 0) continue;
      that(values.length > 0, {
        seen: `no ${metric} at all`,
        expected: `${summary[metric].n} of them`,
        why: "Every request of more than one token has all three.",
      });
      close(percentile(values, 50), summary[metric].p(50), {
        relative: 1e-4,
        what: `median ${metric} of your run, in seconds:`,
        why: "Yours and summarize read the same columns.",
      });
    }
  }),

  check(
    "The simulated server writes a token per decode step",
    (lab) => {
      const run = lab.runs.at(-1);
      that(run !== undefined, {
        seen: "no run",
        expected: "one run made with benchmark",
        why: "This check compares your readings with the step model.",
      });
      const readings = exportedFunction<ReadRun>(lab, "readRun(run, price)")(run, price);
      const tpots = readings.map(({ tpot }) => tpot).filter((tpot) => !Number.isNaN(tpot));
      that(tpots.length > 0, {
        seen: "no TPOT in any reading",
        expected: "one for each answer of more than one token",
        why: "This check compares your TPOT with the length of a decode step.",
      });
      const fastest = Math.min(...tpots);
      const alone = decodeStep({ model: "llama-3.1-8b", gpu: "h100-sxm-80" }, { batch: 1, context: 1 }).seconds;
      that(fastest >= alone * 0.999, {
        seen: `a TPOT of ${ms(fastest)}`,
        expected: `at least ${ms(alone)}`,
        why: "No step of this server is shorter than one that only reads the weights.",
      });
    },
    { only: "simulated" },
  ),
];

function near(actual: number, expected: number): boolean {
  return Math.abs(actual - expected) <= 1e-4 * Math.abs(expected);
}

function ms(seconds: number): string {
  return `${(seconds * 1000).toFixed(2)} ms`;
}

function usd(amount: number): string {
  return `$${amount.toFixed(7)}`;
}
