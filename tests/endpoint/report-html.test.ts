import { expect, it } from "vitest";
import { closed, fixed, poisson, simulate, statuses, summarize } from "../../src/engine/index.ts";
import type { Run } from "../../src/engine/run.ts";
import { reportCard } from "../../src/endpoint/report/report-card.ts";
import { reportHtml } from "../../src/endpoint/report/report-html.ts";
import { countersBetween, readCounters } from "../../src/endpoint/server-metrics/counters.ts";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80", parameters: "course-h100-v1" } as const;
const run = (requests: number): Run =>
  simulate(server, { arrivals: poisson(20), prompt: fixed(64), output: fixed(3), requests, seed: 1 });

/** The same times, as if they had been measured. */
function measured(of: Run, server?: NonNullable<Run["measurement"]>["server"]): Run {
  const asked = of.requests.promptTokens.slice();
  return {
    ...of,
    origin: { kind: "measured", target: "mine", model: "m<1>", transport: "node:http", clientLag: 0.0004 },
    measurement: {
      askedPromptTokens: asked,
      askedOutputTokens: asked,
      zero: 0,
      streamed: true,
      salt: 1,
      warmup: 4,
      dispatchLag: 0,
      heartbeatLag: 0,
      bytes: 1,
      peakInFlight: 1,
      ...(server && { server }),
    },
  };
}

const cells = (html: string, row: string): string[] => {
  const line = html.split("<tr>").find((each) => each.includes(`>${row}</th>`)) ?? "";
  return [...line.matchAll(/<td[^>]*>([^<]*)</g)].map(([, text]) => text!);
};

it("the card says what the run holds, and names what is not on record", () => {
  const card = Object.fromEntries(reportCard(measured(run(40))).map(({ name, value }) => [name, value]));
  expect(card["Arrivals"]).toBe("open loop, Poisson");
  expect(card["Rate, asked"]).toBe("20 requests/s");
  expect(card["Rate, achieved"]).toContain(
    `${Number(summarize(run(40), { window: "all" }).requestsPerSecond.toPrecision(3))} requests/s`,
  );
  expect(card["Warm-up"]).toBe("4 requests, not counted");
  expect(card["GPU and count"]).toBeNull();
  expect(card["Number formats"]).toBeNull();
  expect(reportHtml(measured(run(40)), { title: "t" })).toContain("not on record: say it beside the number");
});

it("a simulated run is called simulated, whoever answered", () => {
  const endpoint = measured(run(8), { engine: "vllm", simulated: true });
  for (const each of [run(8), endpoint]) expect(reportHtml(each, { title: "t" })).toContain('class="badge">simulated<');
  expect(reportHtml(measured(run(8)), { title: "t" })).toContain('class="badge">measured<');
});

it("p99 has its interval, or says how many requests it needs", () => {
  const many = run(400);
  const [low, high] = summarize(many, { window: "all" }).e2e.interval(99)!;
  const ms = (seconds: number) => Number((seconds * 1000).toPrecision(4));
  expect(cells(reportHtml(many, { title: "t" }), "E2E").at(-1)).toBe(`${ms(low)} to ${ms(high)}`);
  expect(cells(reportHtml(run(40), { title: "t" }), "E2E").at(-1)).toBe("needs 368");
});

it("the server's numbers stand beside the client's", () => {
  const html = reportHtml(measured(run(8), { engine: "vllm", generatedTokens: 24, means: { ttft: 0.0071 } }), {
    title: "t",
  });
  expect(cells(html, "Tokens written")).toEqual(["24", "24"]);
  expect(cells(html, "TTFT, mean, ms")[1]).toBe("7.1");
  expect(html).not.toContain("Preemptions");
  expect(reportHtml(measured(run(8)), { title: "t" })).toContain("publishes no metrics that we know");
});

it("the file needs nothing else and lets no text become markup", () => {
  const figure = {
    title: "A <b>chart</b>",
    finding: "x & y",
    svg: "",
    columns: ["a"],
    rows: [["<script>alert(1)</script>"]],
  };
  const html = reportHtml(measured(run(8)), { title: "<script>", figures: [figure] });
  expect(html).not.toMatch(/<script|<link|<img|src=|href=|url\(|https?:/);
  expect(html).toContain("m&lt;1&gt;");
  expect(html).toContain("&lt;script&gt;alert(1)");
});

it("failures and waits in the generator are told", () => {
  const held = simulate(server, { arrivals: closed(2), prompt: fixed(64), output: fixed(3), requests: 8, seed: 1 });
  const status = held.requests.status.map((code, i) => (i === 3 ? statuses.indexOf("failed") : code));
  const started = held.requests.started.map((t, i) => (i === 5 ? t + 0.004 : t));
  const failures = [{ request: 3, kind: "cut", phase: "stream", message: "broke off" }] as const;
  const html = reportHtml(
    { ...measured(held), failures, requests: { ...held.requests, status, started } },
    { title: "t" },
  );
  expect(html).toContain("1 × cut: broke off");
  expect(html).toContain("waited up to 4 ms in the generator");
  expect(cells(html, "Errors")).toEqual(["1 failed"]);
});

it("means of a server's histograms are of what happened between two scrapes", () => {
  const scrape = (sum: number, count: number) =>
    readCounters(
      `vllm:generation_tokens_total{model_name="m"} ${count}\nvllm:time_to_first_token_seconds_bucket{le="1.0"} 3\nvllm:time_to_first_token_seconds_sum{model_name="m"} ${sum}\nvllm:time_to_first_token_seconds_count{model_name="m"} ${count}\n`,
    )!;
  expect(countersBetween(scrape(10, 4), scrape(12, 8)).means).toEqual({ ttft: 0.5 });
  expect(countersBetween(scrape(10, 4), scrape(10, 4)).means).toBeUndefined();
  expect(countersBetween(scrape(10, 4), scrape(1, 2)).means).toBeUndefined();
});
