/** A measurement sends no more than its budget, against a transport that counts. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { closed, constant, fixed, poisson } from "../../src/engine/index.ts";
import type { Clock, Transport } from "../../src/engine/benchmark/transport.ts";
import { statuses } from "../../src/engine/run.ts";
import { allotmentOf } from "../../src/endpoint/allotment.ts";
import { measure } from "../../src/endpoint/measure.ts";

const target = { label: "counting server", baseUrl: "http://127.0.0.1:1/v1", model: "m" };

/** Time passes only when something waits for it. */
function countingServer(answer: (n: number) => { status: number; body: string }) {
  let now = 0;
  const due: { time: number; call: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    at(time, call) {
      const entry = { time, call };
      due.push(entry);
      return () => void due.splice(due.indexOf(entry) >>> 0, 1);
    },
  };
  const sent: number[] = [];
  const transport: Transport = {
    name: "counting",
    send(_request, sink) {
      const { status, body } = answer(sent.push(now));
      const cancel = clock.at(now + 0.01, () => {
        sink.headers(status, () => undefined, now);
        sink.chunk(new TextEncoder().encode(body), now);
        sink.end(now);
      });
      return { abort: cancel };
    },
  };
  let running = true;
  const run = async () => {
    while (running) {
      // Whoever awaits something goes first.
      for (let i = 0; i < 20; i++) await Promise.resolve();
      const next = due.sort((a, b) => a.time - b.time).shift();
      if (next === undefined) await new Promise((resolve) => setTimeout(resolve, 0));
      else {
        now = Math.max(now, next.time);
        next.call();
      }
    }
  };
  void run();
  return { carrier: { transport, clock, versions: {} }, sent, stop: () => (running = false) };
}

const good = (prompt: number, output: number) => ({
  status: 200,
  body:
    `data: ${JSON.stringify({ choices: [{ delta: { content: "x" } }] })}\n\n` +
    `data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: "length" }] })}\n\n` +
    `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: prompt, completion_tokens: output } })}\n\ndata: [DONE]\n\n`,
});
const refused = { status: 400, body: '{"error":{"message":"unknown field"}}' };
const failed = { status: 500, body: "{}" };

it("holds for warm-ups, their tries of other shapes, failures and the load together", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        requests: fc.integer({ min: 1, max: 30 }),
        warmup: fc.nat(12),
        budget: fc.integer({ min: 1, max: 40 }),
        arrivals: fc.constantFrom(poisson(50), closed(5), constant(1000)),
        answers: fc.array(fc.constantFrom(good(20, 4), refused, failed), { minLength: 1, maxLength: 6 }),
      }),
      async ({ requests, warmup, budget, arrivals, answers }) => {
        const server = countingServer((n) => answers[n % answers.length]!);
        const workload = { arrivals, prompt: fixed(16), output: fixed(4), requests };
        try {
          const run = await measure(server.carrier, target, workload, { warmup, budget: { requests: budget } });
          expect(run.requests.count).toBe(requests);
        } catch (error) {
          expect((error as Error).name).toBe("MeasureError");
        } finally {
          server.stop();
        }
        expect(server.sent.length).toBeLessThanOrEqual(budget);
      },
    ),
    { numRuns: 40 },
  );
});

it("is never passed by a measurement that got what it was booked as", async () => {
  for (const warmup of [0, 1, 4, 9]) {
    const server = countingServer((n) => (n < 4 ? refused : good(20, 4)));
    const workload = { arrivals: poisson(50), prompt: fixed(16), output: fixed(4), requests: 12 };
    const { requests, tokens } = allotmentOf(workload, warmup);
    const run = await measure(server.carrier, target, workload, { warmup, budget: { requests, tokens } }).finally(
      server.stop,
    );
    expect(server.sent.length).toBeLessThanOrEqual(requests);
    if (warmup > 0) expect([...run.requests.status].every((code) => statuses[code] === "succeeded")).toBe(true);
  }
});
