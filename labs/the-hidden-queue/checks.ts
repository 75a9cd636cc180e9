import {
  fixed,
  percentile,
  poisson,
  simulate,
  statuses,
  summarize,
  tokenSources,
  type Run,
  type Server,
} from "perflab";
import { check, close, exportedFunction, that, type LabUnderTest } from "perflab/checks";

interface Point {
  readonly cap: number;
  readonly left: number;
  readonly due: number;
}
type From = "started" | "scheduled";

const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const ttftsOf = (lab: LabUnderTest) => exportedFunction<(run: Run, from: From) => number[]>(lab, "ttfts(run, from)");
const clientWaitOf = (lab: LabUnderTest) => exportedFunction<(run: Run) => number>(lab, "clientWait(run)");
const honestCapOf = (lab: LabUnderTest) =>
  exportedFunction<(points: readonly Point[], limit: number) => number>(lab, "honestCap(points, limit)");

/** One request as it is put on record: seconds it waited in the generator, in the server, and for the rest. */
interface Told {
  readonly due: number;
  readonly inClient: number;
  readonly inServer: number;
  readonly status?: (typeof statuses)[number];
}

/** A run put together by hand, so that what is in it is known. */
function runOf(told: readonly Told[]): Run {
  const times = (value: (one: Told) => number) => Float64Array.from(told, value);
  const counts = (n: number) => new Uint32Array(told.length).fill(n);
  const left = (one: Told) => one.due + one.inClient;
  const first = (one: Told) => left(one) + one.inServer;
  return {
    origin: { kind: "simulated", server, seed: 0 },
    workload: { arrivals: poisson(20), prompt: fixed(800), output: fixed(200), requests: told.length },
    versions: {},
    requests: {
      count: told.length,
      scheduled: times((one) => one.due),
      started: times(left),
      headers: times((one) => left(one) + 0.5 * one.inServer),
      firstEvent: times((one) => left(one) + 0.6 * one.inServer),
      first: times(first),
      last: times((one) => first(one) + 2.5),
      closed: times((one) => first(one) + 2.6),
      promptTokens: counts(800),
      cachedTokens: counts(0),
      outputTokens: counts(200),
      tokenSource: new Uint8Array(told.length).fill(tokenSources.indexOf("usage")),
      status: Uint8Array.from(told, (one) => statuses.indexOf(one.status ?? "succeeded")),
      preemptions: new Uint16Array(told.length),
      replica: new Uint16Array(told.length),
    },
  };
}

function hundred(seed: number): readonly Told[] {
  return Array.from({ length: 100 }, (_, i) => ({
    due: i * 0.05,
    inClient: 0.01 * (1 + ((i * 37 + seed) % 100)),
    inServer: 0.05 + 0.001 * ((i * 53 + seed) % 100),
  }));
}

export default [
  check("ttfts counts from where it is told to", (lab) => {
    const told = hundred(lab.seed).slice(0, 9);
    const run = runOf(told);
    for (const from of ["started", "scheduled"] as const) {
      const answer = ttftsOf(lab)(run, from);
      told.forEach(({ inClient, inServer }, i) => {
        const right = from === "started" ? inServer : inClient + inServer;
        const other = from === "started" ? inClient + inServer : inServer;
        that(Math.abs((answer[i] ?? NaN) - other) > 1e-6, {
          seen: `${ms(answer[i])} from ${from}`,
          expected: ms(right),
          why:
            from === "started"
              ? "That is counted from when the request was due, and this was asked from when it left."
              : "That is counted from when the request left. It says nothing of the queue in front of the server.",
          hint: "r[from] is the column that the clock starts at.",
        });
        close(answer[i], right, {
          relative: 1e-6,
          what: `wait of request ${i} from ${from}, in seconds:`,
          why: "It ends with the first token.",
        });
      });
    }
  }),

  check("A request that failed has no first token to wait for", (lab) => {
    const told = hundred(lab.seed).map((one, i): Told =>
      i % 10 === 3 ? { ...one, inServer: 0.001, status: "failed" } : one,
    );
    close(ttftsOf(lab)(runOf(told), "scheduled").length, 90, {
      absolute: 0,
      what: "waits of 100 requests of which 90 succeeded:",
      why: "What was refused at once is no short wait. Count it as failed, and leave its times out.",
    });
    const whole = runOf(hundred(lab.seed).map((one, i) => (i === lab.seed % 100 ? { ...one, inServer: NaN } : one)));
    that(
      ttftsOf(lab)(whole, "started").every((wait) => !Number.isNaN(wait)),
      {
        seen: "NaN among the waits",
        expected: "99 numbers",
        why: "One of these answers came in one piece, so its first token has no time.",
      },
    );
    // The ten that were refused had waited longest in the generator.
    const held = told.map((one) => (one.status === "failed" ? { ...one, inClient: 9 } : one));
    const right = percentile(
      held.filter((one) => one.status !== "failed").map((one) => one.inClient),
      99,
    );
    close(clientWaitOf(lab)(runOf(held)), right, {
      relative: 1e-6,
      what: "clientWait of a run whose failed requests had waited longest, in seconds:",
      why: "A request that failed is counted as failed; its times are in no percentile.",
    });
  }),

  check("clientWait is what requests waited before they left, at p99", (lab) => {
    const told = hundred(lab.seed);
    const run = runOf(told);
    const waits = told.map((one) => one.inClient);
    const right = percentile(waits, 99);
    const answer = clientWaitOf(lab)(run);
    const seen = ms(answer);
    that(Math.abs(answer - waits.reduce((sum, wait) => sum + wait, 0) / 100) > 1e-6, {
      seen,
      expected: ms(right),
      why: "That is the mean, and the mean of a queue is what hides it.",
    });
    that(Math.abs(answer - percentile(ttftsOf(lab)(run, "scheduled"), 99)) > 1e-6, {
      seen,
      expected: ms(right),
      why: "That is the whole wait for the first token. Only what passed before the request left is the generator's.",
    });
    close(answer, right, {
      relative: 1e-6,
      what: "clientWait of 100 requests, in seconds:",
      why: "Each waited in the generator from when it was due to when it left.",
      hint: "percentile(values, 99) of r.started[i] − r.scheduled[i].",
    });
  }),

  check("honestCap is the smallest cap from which on nothing is hidden", (lab) => {
    const at = 2 + (lab.seed % 4);
    const rising = Array.from({ length: 7 }, (_, i) => ({ cap: 16 * 2 ** i, left: 0.1, due: i < at ? 0.5 : 0.105 }));
    const lucky = rising.map((point, i) => (i === 0 ? { ...point, due: 0.1 } : point));
    const cases: readonly (readonly [string, readonly Point[], number, string])[] = [
      [
        "caps that hide a queue up to one, and none from it on",
        rising.toReversed(),
        16 * 2 ** at,
        "It is the first cap at which both ways to count agree, and at which all larger ones do as well.",
      ],
      ["points in any order", rising, 16 * 2 ** at, "The points need not come in order of their caps."],
      [
        "a small cap that hides nothing by luck",
        lucky,
        16 * 2 ** at,
        "One cap that hides nothing below others that do is luck.",
      ],
      [
        "caps that all hide a queue",
        rising.map((point) => ({ ...point, due: 1 })),
        Infinity,
        "None of them is honest, so it is Infinity.",
      ],
      [
        "a difference of exactly the limit",
        [{ cap: 64, left: 1, due: 1.5 }],
        64,
        "A difference of exactly the limit is within it.",
      ],
    ];
    for (const [what, points, expected, why] of cases) {
      const answer = honestCapOf(lab)(points, what.includes("exactly") ? 0.5 : 0.1);
      that(answer === expected, {
        seen: `${answer} for ${what}`,
        expected: `${expected}`,
        why,
        hint: "Go down from the largest cap.",
      });
    }
  }),

  check(
    "A cap of 64 hides most of the wait, a cap of 1,000 hides none",
    (lab) => {
      const load = { arrivals: poisson(20), prompt: fixed(900), output: fixed(210), requests: 500, seed: lab.seed };
      const ratio = (maxConcurrency: number) => {
        const run = simulate(server, { ...load, maxConcurrency });
        return percentile(ttftsOf(lab)(run, "scheduled"), 99) / percentile(ttftsOf(lab)(run, "started"), 99);
      };
      const [capped, open] = [ratio(64), ratio(1000)];
      that(capped >= 3 && open <= 1.1, {
        seen: `due ÷ left of ${capped.toFixed(1)} with a cap of 64 and ${open.toFixed(2)} with 1,000`,
        expected: "at least 3 and at most 1.1",
        why: "With 64 places the queue stands in front of the server, and a clock that starts at leaving does not see it.",
      });
    },
    { only: "simulated" },
  ),

  check("Your points are those of your runs", (lab) => {
    const runs = lab.runs.slice(-4);
    const points = lab.exports["points"] as readonly Point[] | undefined;
    const succeeded = runs.filter((run) => summarize(run).succeeded > 0);
    that(succeeded.length > 0, {
      seen: `none of ${runs.reduce((sum, run) => sum + run.requests.count, 0)} requests succeeded`,
      expected: "at least one",
      why: "Without an answer there is no wait to read. The console says what went wrong with the requests.",
    });
    that(Array.isArray(points) && points.length === succeeded.length, {
      seen: `${points?.length ?? 0} points of ${succeeded.length} runs`,
      expected: "one point for each run",
      why: "This check compares each point with the run it was read from.",
      hint: "Press Run, and see that benchmark is called for each cap.",
    });
    succeeded.forEach((run, i) => {
      for (const [name, from] of [
        ["left", "started"],
        ["due", "scheduled"],
      ] as const) {
        close(points[i]?.[name], summarize(run, { from, window: "all" }).ttft.p(99), {
          relative: 1e-4,
          what: `p99 under a cap of ${points[i]?.cap}, from ${from}, in seconds:`,
          why: "Yours and summarize read the same columns.",
        });
      }
    });
  }),
];

function ms(seconds: number | undefined): string {
  return `${((seconds ?? NaN) * 1000).toFixed(1)} ms`;
}
