import { breakEven as engineBreakEven, selfHostedCost } from "perflab";
import { check, close, exportedFunction, that } from "perflab/checks";
import { dayOf, hoursAMonth, request, safeRate, shape, spare } from "./day.ts";

type PerMillion = (usdAnHour: number, tokensPerSecond: number, busy: number) => number;
type GpusFor = (day: readonly number[], perGpu: number, spare: number) => number;
type BusyShare = (day: readonly number[], gpus: number, perGpu: number) => number;
type Month = (day: readonly number[], usdAnHour: number, api: number) => { own: number; api: number };

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const usd = (value: number) => `$${value.toFixed(value < 10 ? 3 : 0)}`;
const near = (a: number, b: number) => Math.abs(a / b - 1) < 1e-6;

export default [
  check(
    "$3.25 an hour and 2,500 tokens a second are $0.361 a million, and three times that when busy a third of the time",
    (lab) => {
      const perMillion = exportedFunction<PerMillion>(lab, "perMillion(usdAnHour, tokensPerSecond, busy)");
      for (const [hour, tokens, busy] of [
        [3.25, 2500, 1],
        [3.25, 1000, 0.3],
        [1 + (lab.seed % 50) / 7, 300 + (lab.seed % 4000), 0.1 + (lab.seed % 80) / 100],
      ] as const) {
        const answer = perMillion(hour, tokens, busy);
        const right = selfHostedCost({ gpuHour: hour, gpus: 1, outputTokensPerSecond: tokens, utilisation: busy });
        const full = right.perMillionOutputTokens * busy;
        const show = {
          seen: `${usd(answer)} a million at ${usd(hour)} an hour, ${tokens} tokens a second, busy ${(100 * busy).toFixed(0)} %`,
          expected: usd(right.perMillionOutputTokens),
        };
        that(busy === 1 || !near(answer, full), {
          ...show,
          why: "That is what a million costs while the GPU is busy. The idle hours are paid for too.",
          hint: "Fewer tokens share the same rent.",
        });
        that(busy === 1 || !near(answer, full * busy), {
          ...show,
          why: "An idle GPU makes tokens dearer, not cheaper.",
          hint: "Divide by the share.",
        });
        close(answer, right.perMillionOutputTokens, {
          relative: 1e-6,
          what: `USD a million at ${hour.toFixed(2)} an hour, ${tokens} tokens a second, busy ${busy.toFixed(2)}:`,
          why: "Rent of an hour ÷ tokens of an hour, for a million of them.",
          hint: "An hour has 3,600 × tokens a second × busy tokens.",
        });
      }
    },
  ),

  check("GPUs for the busiest hour and a spare; busy for the mean of all hours", (lab) => {
    const gpusFor = exportedFunction<GpusFor>(lab, "gpusFor(day, perGpu, spare)");
    const busyShare = exportedFunction<BusyShare>(lab, "busyShare(day, gpus, perGpu)");
    const skewed = shape.map((share, hour) => (hour === lab.seed % 24 ? 90 : 30 * share));
    for (const [day, perGpu, extra] of [
      [dayOf(100), 16, 2],
      [dayOf(40), 16, 1],
      [dayOf(32), 16, 0],
      [skewed, 10 + (lab.seed % 9), lab.seed % 3],
      [dayOf(3 + (lab.seed % 200)), 16, 2],
    ] as const) {
      const top = Math.max(...day);
      const right = Math.ceil(top / perGpu) + extra;
      const answer = gpusFor(day, perGpu, extra);
      const show = {
        seen: `${answer} GPUs for a busiest hour of ${top.toFixed(1)} requests a second, ${perGpu} a GPU, ${extra} spare`,
        expected: `${right}`,
      };
      const forMean = Math.ceil(mean(day) / perGpu) + extra;
      that(answer !== forMean || forMean === right, {
        ...show,
        why: "That serves the mean hour. In the busiest one everybody would be beyond the cliff.",
        hint: "Math.max(...day).",
      });
      that(answer !== right - extra || extra === 0, {
        ...show,
        why: "When one of them fails in the busiest hour, the others are beyond the cliff.",
        hint: "Add the spare.",
      });
      that(answer === right, {
        ...show,
        why: "Each GPU may serve perGpu requests a second in the busiest hour, and GPUs come whole.",
        hint: "Math.ceil(busiest ÷ perGpu) + spare.",
      });
      const gpus = right + (lab.seed % 4);
      const share = busyShare(day, gpus, perGpu);
      const expected = mean(day) / (gpus * perGpu);
      that(!near(share, top / (gpus * perGpu)) || near(expected, share), {
        seen: `busy ${(100 * share).toFixed(1)} %`,
        expected: `${(100 * expected).toFixed(1)} %`,
        why: "That is the busiest hour. The rent runs through all 24.",
      });
      close(share, expected, {
        relative: 1e-6,
        what: `share of the time that ${gpus} GPUs are busy:`,
        why: "What the mean hour asks ÷ what all GPUs together could serve.",
        hint: "mean gives the first of the two; the second is gpus times what one of them serves.",
      });
    }
  }),

  check("breakEven says how busy is busy enough", (lab) => {
    const breakEven = exportedFunction<PerMillion>(lab, "breakEven(usdAnHour, tokensPerSecond, apiUsdPerMillion)");
    for (const [hour, tokens, api] of [
      [3.25, 2880, 2.27],
      [4.875, 2880, 0.2 + (lab.seed % 30) / 10],
      [12, 600, 0.5],
    ] as const) {
      const answer = breakEven(hour, tokens, api);
      const right = engineBreakEven({
        gpuHour: hour,
        gpus: 1,
        outputTokensPerSecond: tokens,
        apiPerMillionOutputTokens: api,
      }).utilisation;
      const show = { seen: `${answer}`, expected: right.toFixed(3) };
      that(!near(answer, 1 / right), {
        ...show,
        why: "That is how many times as dear the API is as a full GPU. Asked is the share of the time at which they cost the same.",
        hint: "The other way round.",
      });
      that(right <= 1 || answer > 1, {
        ...show,
        why: "This GPU costs more than the API even when it is never idle. A share above 1 says so.",
      });
      close(answer, right, {
        relative: 0.001,
        what: `share at ${hour} USD an hour, ${tokens} tokens a second, against ${api.toFixed(2)} USD a million:`,
        why: "Busy for that share, a million of your own costs what the API takes.",
        hint: "perMillion(usdAnHour, tokensPerSecond, share) = apiUsdPerMillion, solved for the share.",
      });
    }
  }),

  check("A month: rent for all hours of all GPUs, against the tokens of the mean hour", (lab) => {
    const month = exportedFunction<Month>(lab, "month(day, usdAnHour, apiUsdPerMillion)");
    for (const peak of [40, 1 + (lab.seed % 250)]) {
      const day = dayOf(peak);
      const api = 0.3 + (lab.seed % 40) / 10;
      const answer = month(day, 4, api);
      const tokens = mean(day) * request.output * 3600 * hoursAMonth;
      for (const [side, right, why] of [
        ["own", (Math.ceil(peak / safeRate) + spare) * 4 * hoursAMonth, "The GPUs of the busiest hour and the spare, 730 hours a month, asleep or not."], // prettier-ignore
        ["api", (tokens / 1e6) * api, "Nobody pays an API for the night: tokens of the mean hour, 730 hours."],
      ] as const)
        close(answer[side], right, {
          relative: 1e-6,
          what: `${side}, USD a month, with ${peak} requests a second in the busiest hour:`,
          why,
          hint: "gpusFor(day, safeRate, spare) must be right first.",
        });
    }
  }),
];
