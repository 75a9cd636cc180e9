/** Every scripted fault, streaming and not, over each transport: each request ends in one counted, named outcome, and none is lost. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { statuses } from "../../src/engine/run.ts";
import type { Transport } from "../../src/engine/benchmark/transport.ts";
import { browserClock } from "../../src/endpoint/browser/browser-clock.ts";
import { fetchTransport } from "../../src/endpoint/browser/fetch-transport.ts";
import type { EndpointTarget } from "../../src/endpoint/endpoint-target.ts";
import { measure } from "../../src/endpoint/measure.ts";
import { httpTransport } from "../../src/endpoint/node/http-transport.ts";
import { nodeClock } from "../../src/endpoint/node/node-clock.ts";
import { faultKinds } from "../../src/server/simulated/behaviour.ts";
import { startSimulatedEndpoint, type SimulatedEndpoint } from "../../src/server/simulated/endpoint.ts";

type Outcome = readonly [status: (typeof statuses)[number], kinds: readonly string[]];
type FaultKind = (typeof faultKinds)[number];

/** A broken body shows as a reset or as a cut, by how far the server got before it closed. */
const BROKEN: Outcome = ["failed", ["reset", "cut"]];
const FINE: Outcome = ["succeeded", []];

const streamed: Readonly<Record<FaultKind, Outcome>> = {
  tooManyRequests: ["refused", ["rate-limited"]],
  serverError: ["failed", ["http"]],
  loading: ["refused", ["unavailable"]],
  errorIn200: ["failed", ["error-in-stream"]],
  slowHeaders: ["timedOut", ["timeout-headers"]],
  notStreaming: FINE,
  reset: BROKEN,
  cut: BROKEN,
  stall: ["timedOut", ["timeout-stall"]],
  truncatedUtf8: ["failed", ["cut", "malformed", "reset"]],
  errorMidStream: ["failed", ["error-in-stream"]],
  noDone: FINE,
};
/** A whole answer has no headers before it is ready, so a stall holds them back, and a reset comes before them (for fetch: "network"). */
const whole: Readonly<Record<FaultKind, Outcome>> = {
  ...streamed,
  stall: ["timedOut", ["timeout-headers"]],
  reset: ["failed", ["reset", "cut", "network"]],
};

const transports: Readonly<Record<string, (target: EndpointTarget) => { transport: Transport; close(): void }>> = {
  "node:http": (target) => {
    const transport = httpTransport(target);
    return { transport, close: () => transport.close() };
  },
  fetch: (target) => ({ transport: fetchTransport(target), close: () => {} }),
};

const REQUESTS = 6;
let endpoint: SimulatedEndpoint;
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);

beforeAll(async () => {
  process.on("unhandledRejection", onUnhandled);
  endpoint = await startSimulatedEndpoint({ fixed: { ttft: 0.01, itl: 0.002 }, model: "m" });
});
afterAll(async () => {
  await endpoint.close();
  process.off("unhandledRejection", onUnhandled);
});

describe.each(Object.keys(transports))("over %s", (name) => {
  describe.each([
    ["streaming", streamed, false],
    ["not streaming", whole, true],
  ] as const)("%s", (_, expected, asWhole) => {
    test.each(faultKinds)("%s ends in its named outcome", async (kind) => {
      const target = {
        label: "sim",
        baseUrl: endpoint.url,
        model: "m",
        headers: { "x-simulate-fault": `${kind};after=3;seconds=5` },
      };
      const { transport, close } = transports[name]!(target);
      const clock = name === "fetch" ? browserClock : nodeClock;
      const run = await measure(
        { transport, clock, versions: {} },
        target,
        {
          arrivals: { kind: "burst" },
          prompt: { kind: "fixed", value: 20 },
          output: { kind: "fixed", value: 12 },
          requests: REQUESTS,
        },
        { warmup: 0, whole: asWhole, timeouts: { headers: 0.4, stall: 0.4, total: 4 } },
      );
      close();
      const [status, kinds] = expected[kind];
      expect(
        [...run.requests.status].map((code) => statuses[code]),
        JSON.stringify(run.failures),
      ).toEqual(Array(REQUESTS).fill(status));
      const failures = run.failures ?? [];
      expect(failures.length).toBe(status === "succeeded" ? 0 : REQUESTS);
      for (const failure of failures) {
        expect(kinds).toContain(failure.kind);
        expect(failure.message).toMatch(/^[A-Z].*[.)]$/s);
      }
      if (kind === "reset" && !asWhole)
        expect(Math.max(...run.requests.outputTokens), "what came before the fault is kept").toBeGreaterThan(0);
    });
  });
});

test("no rejection went unhandled", () => {
  expect(unhandled).toEqual([]);
});
