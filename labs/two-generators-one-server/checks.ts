import {
  closed,
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

const latenciesOf = (lab: LabUnderTest) => exportedFunction<(run: Run) => number[]>(lab, "latencies(run)");
const intervalOf = (lab: LabUnderTest) =>
  exportedFunction<(users: number, rate: number) => number>(lab, "expectedInterval(users, rate)");
const correctedOf = (lab: LabUnderTest) =>
  exportedFunction<(seen: readonly number[], interval: number) => number[]>(lab, "corrected(seen, interval)");

const freezing: Server = {
  model: "llama-3.1-8b",
  gpu: "h100-sxm-80",
  scheduler: { maxNumSeqs: 1 },
  pauses: { every: 30, length: 2 },
};

/** One request as it is put on record, seconds. */
interface Told {
  readonly scheduled: number;
  readonly started: number;
  readonly last: number;
  readonly status: (typeof statuses)[number];
}

/** A run put together by hand, so that what is in it is known. */
function runOf(told: readonly Told[]): Run {
  const times = (value: (one: Told) => number) => Float64Array.from(told, value);
  const counts = (n: number) => new Uint32Array(told.length).fill(n);
  return {
    origin: { kind: "simulated", server: freezing, seed: 0 },
    workload: { arrivals: poisson(10), prompt: fixed(64), output: fixed(3), requests: told.length },
    versions: {},
    requests: {
      count: told.length,
      scheduled: times((one) => one.scheduled),
      started: times((one) => one.started),
      headers: times((one) => one.started + 0.3 * (one.last - one.started)),
      firstEvent: times((one) => one.started + 0.3 * (one.last - one.started)),
      first: times((one) => one.started + 0.4 * (one.last - one.started)),
      last: times((one) => one.last),
      closed: times((one) => one.last + 0.001),
      promptTokens: counts(64),
      cachedTokens: counts(0),
      outputTokens: counts(3),
      tokenSource: new Uint8Array(told.length).fill(tokenSources.indexOf("usage")),
      status: Uint8Array.from(told, (one) => statuses.indexOf(one.status)),
      preemptions: new Uint16Array(told.length),
      replica: new Uint16Array(told.length),
    },
  };
}

export default [
  check("A latency runs from when the request was due to its last token", (lab) => {
    const told = Array.from({ length: 9 }, (_, i): Told => {
      const scheduled = i * 0.05;
      const started = scheduled + ((lab.seed + i) % 5) * 0.11 + 0.01;
      return { scheduled, started, last: started + 0.02 + ((lab.seed + 3 * i) % 7) * 0.004, status: "succeeded" };
    });
    const answer = latenciesOf(lab)(runOf(told));
    that(Array.isArray(answer) && answer.length === told.length, {
      seen: Array.isArray(answer) ? `${answer.length} latencies of ${told.length} answers` : String(answer),
      expected: `a list of ${told.length} numbers`,
      why: "There is one latency for each request that succeeded.",
    });
    told.forEach(({ scheduled, started, last }, i) => {
      that(Math.abs((answer[i] ?? NaN) - (last - started)) > 1e-6, {
        seen: `${ms(answer[i])} for a request that left ${ms(started - scheduled)} late`,
        expected: ms(last - scheduled),
        why: "This starts the clock when the request left. A generator that is held up makes its server look fast in that way.",
        hint: "scheduled is when it was due.",
      });
      close(answer[i], last - scheduled, {
        relative: 1e-6,
        what: `latency of request ${i}, in seconds:`,
        why: "It ends with the last token, and the order of the requests stays.",
      });
    });
  }),

  check("A request that failed has no latency", (lab) => {
    const ok: Told = { scheduled: 0.1, started: 0.1, last: 0.12 + (lab.seed % 9) / 1000, status: "succeeded" };
    const told: Told[] = [
      ok,
      { ...ok, scheduled: 0.2, started: 0.2, last: 0.201, status: "failed" },
      { ...ok, scheduled: 0.3, started: 0.3, last: NaN, status: "refused" },
      { ...ok, scheduled: 0.4, started: 0.4, last: 0.44 },
    ];
    const answer = latenciesOf(lab)(runOf(told));
    close(answer.length, 2, {
      absolute: 0,
      what: "latencies of four requests of which two succeeded:",
      why: "A refusal after 1 ms is no fast answer. Count failures, and leave their times out.",
      hint: 'statuses[r.status[i]] is "succeeded" for those that belong here.',
    });
  }),

  check("expectedInterval is the interval of one user", (lab) => {
    for (const [users, rate] of [
      [4, 20],
      [3 + (lab.seed % 6), 10 + (lab.seed % 31)],
    ] as const) {
      const answer = intervalOf(lab)(users, rate);
      that(answer !== 1 / rate, {
        seen: `${answer} s for ${users} users and ${rate} requests a second`,
        expected: `${users / rate} s`,
        why: "That is the interval between the requests of all users. The one who waits holds back only their own.",
        hint: "How many requests a second does one of them send?",
      });
      that(answer !== rate / users, {
        seen: `${answer} for ${users} users and ${rate} requests a second`,
        expected: `${users / rate} s`,
        why: "That is how many requests one user sends in a second, not how far they are apart.",
      });
      close(answer, users / rate, {
        relative: 1e-9,
        what: `expectedInterval(${users}, ${rate}), in seconds:`,
        why: "Each user sends rate ÷ users requests a second.",
      });
    }
  }),

  check("corrected adds what was not sent, and nothing else", (lab) => {
    const interval = 0.05 + (lab.seed % 40) / 100;
    const k = 3 + (lab.seed % 8);
    const long = (k + 0.5) * interval;
    const expected = [long, ...Array.from({ length: k - 1 }, (_, i) => long - (i + 1) * interval)];
    const answer = correctedOf(lab)([long], interval);
    const seen = `${listed(answer)} for one answer of ${ms(long)} and an interval of ${ms(interval)}`;
    const told = { seen, expected: listed(expected) };
    that(answer.includes(long), { ...told, why: "The latency that was seen stays in the list." });
    that(answer.length > 1, { ...told, why: "Nothing is added. While one user waited, other requests were due." });
    that(Math.min(...answer) >= interval, {
      ...told,
      why: "The last one is shorter than the interval. By then the answer had come, and the user did send.",
      hint: "Stop before what is left is shorter than the interval.",
    });
    that(answer.length === expected.length, {
      ...told,
      why: `In ${ms(long)} a user who sends every ${ms(interval)} leaves out ${k - 1} requests.`,
      hint: "A loop, not a single value.",
    });
    const sorted = [...answer].sort((a, b) => b - a);
    expected.forEach((right, i) =>
      close(sorted[i], right, {
        relative: 1e-6,
        what: `the ${i + 1}. longest of them, in seconds:`,
        why: "A request that was due an interval later would have waited an interval less.",
      }),
    );
    const short = [0.4 * interval, interval, 1.5 * interval];
    close(correctedOf(lab)(short, interval).length, short.length, {
      absolute: 0,
      what: "values after correcting three answers that took up to 1.5 intervals:",
      why: "Nothing was left out during those.",
    });
  }),

  check(
    "One server: a closed p99 below 25 ms, an open one above 1.5 s, and a correction that gets near",
    (lab) => {
      const load = { prompt: fixed(64), output: fixed(3), requests: 1200, seed: lab.seed };
      const polite = simulate(freezing, { ...load, arrivals: closed(4, { thinkTime: fixed(0.18) }) });
      const schedule = simulate(freezing, { ...load, arrivals: poisson(20), requests: 2400 });
      const seen = latenciesOf(lab)(polite);
      const open = percentile(latenciesOf(lab)(schedule), 99);
      const shut = percentile(seen, 99);
      that(shut <= 0.025 && open >= 1.5, {
        seen: `p99 of ${ms(shut)} closed and ${ms(open)} open`,
        expected: "at most 25 ms closed, at least 1,500 ms open",
        why: "Four users put four requests into each freeze, an open loop puts 40.",
      });
      close(percentile(correctedOf(lab)(seen, intervalOf(lab)(4, 20)), 99), open, {
        relative: 0.15,
        what: "p99 of the corrected closed run, in seconds, beside that of the open run:",
        why: "The requests that the four did not send are most of what the open loop saw.",
      });
    },
    { only: "simulated" },
  ),

  check("Your latencies of your own runs agree with the engine's", (lab) => {
    const runs = lab.runs.slice(-2);
    that(runs.length === 2, {
      seen: `${runs.length} runs`,
      expected: "two, one of each generator",
      why: "This check compares your latencies with what the engine reads from the same run.",
      hint: "Press Run, and see that benchmark is called twice.",
    });
    for (const run of runs) {
      const summary = summarize(run, { from: "scheduled", window: "all" });
      that(summary.succeeded > 0, {
        seen: `none of ${run.requests.count} requests succeeded`,
        expected: "at least one",
        why: "Without an answer there is nothing to read. The console says what went wrong with the requests.",
      });
      close(percentile(latenciesOf(lab)(run), 50), summary.e2e.p(50), {
        relative: 1e-4,
        what: "median latency of your run, in seconds:",
        why: "Yours and summarize read the same columns.",
      });
    }
  }),
];

function ms(seconds: number | undefined): string {
  return `${((seconds ?? NaN) * 1000).toFixed(1)} ms`;
}

function listed(values: readonly number[]): string {
  return values.length > 12 ? `${values.length} values` : values.map(ms).join(", ");
}
