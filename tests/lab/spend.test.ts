/** One press of Run, one ledger: what may be sent, and what is asked. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixed, poisson, script } from "../../src/engine/index.ts";
import { bookingOf } from "../../src/lab/booking.ts";
import { dollars, SpendLedger, type SpendAnswer, type SpendQuestion } from "../../src/lab/spend.ts";

const budget = { requests: 1_500, tokens: 2_000_000 };

function ledger(
  answers: readonly SpendAnswer[] | null,
  options: { known?: { requests: number; tokens: number } } = {},
) {
  const questions: SpendQuestion[] = [];
  const stop = new AbortController();
  const opened = new SpendLedger({
    budget,
    target: "my server",
    signal: stop.signal,
    ask:
      answers === null
        ? null
        : (question) => {
            questions.push(question);
            return answers[Math.min(questions.length, answers.length) - 1]!;
          },
    ...options,
  });
  return { ledger: opened, questions, stop };
}

const spend = (requests: number, tokens = requests * 100, warmup = 0) => ({ requests, tokens, warmup });

describe("the ledger of one run", () => {
  it("asks at each call that passes what was agreed, for what it adds", async () => {
    const { ledger: l, questions } = ledger([true]);
    for (let i = 0; i < 3; i++) await l.book(spend(24, 1_000, 4));
    expect(questions.map(({ requests, tokens, agreed }) => [requests, tokens, agreed.requests])).toEqual([
      [24, 1_000, 0],
      [24, 1_000, 24],
      [24, 1_000, 48],
    ]);
  });

  it("asks once for the sum where it is known", async () => {
    const { ledger: l, questions } = ledger([true], { known: { requests: 144, tokens: 6_000 } });
    for (let i = 0; i < 6; i++) await l.book(spend(24, 1_000, 4));
    expect(questions).toMatchObject([{ requests: 144, tokens: 6_000 }]);
    await l.book(spend(1));
    expect(questions).toHaveLength(2);
  });

  it("asks once for calls that are made together", async () => {
    const { ledger: l, questions } = ledger([true]);
    await Promise.all(Array.from({ length: 8 }, () => l.book(spend(20))));
    expect(questions).toMatchObject([{ requests: 160 }]);
  });

  it("refuses what would pass the budget, whatever was agreed to, and counts what was sent before", async () => {
    const { ledger: l, questions } = ledger(["run"]);
    let sent = 0;
    let refused = "";
    for (let i = 0; i < 200; i++) {
      await l.book(spend(50)).then(
        () => (sent += 50),
        (error: Error) => (refused ||= error.message),
      );
    }
    expect(sent).toBe(1_500);
    expect(questions).toHaveLength(1);
    expect(refused).toContain("this run would send 1,550 requests");
    expect(refused).toContain("one run of this lab may send 1,500 requests and 2,000,000 tokens, warm-up included");
  });

  it("sends nothing more, and asks nothing more, once the answer was no", async () => {
    const { ledger: l, questions } = ledger([true, false]);
    await l.book(spend(10));
    for (let i = 0; i < 3; i++) await expect(l.book(spend(10))).rejects.toThrow("you chose not to send");
    expect(questions).toHaveLength(2);
  });

  it("refuses after Stop, and takes its question back", async () => {
    const { ledger: l, questions, stop } = ledger([true]);
    await l.book(spend(10));
    stop.abort();
    await expect(l.book(spend(10))).rejects.toThrow("the run was stopped");
    expect(questions[0]!.signal.aborted).toBe(true);
  });

  it("asks nothing where sending costs nothing, and keeps the budget all the same", async () => {
    const { ledger: l } = ledger(null);
    await l.book(spend(1_500));
    await expect(l.book(spend(1))).rejects.toThrow("one run of this lab may send 1,500 requests");
  });

  it("says requests, warm-up, tokens and the cost in words", async () => {
    const questions: SpendQuestion[] = [];
    const l = new SpendLedger({
      budget,
      target: "my server",
      price: { input: 1, output: 10 },
      signal: new AbortController().signal,
      ask: (question) => (questions.push(question), true),
    });
    await l.book(spend(24, 20_903, 4));
    await l.book(spend(1, 10));
    expect(questions[0]!.text).toBe(
      "This sends 24 requests (4 of them to warm up) with up to 20,903 tokens, at most $0.21, to my server.",
    );
    expect(questions[1]!.text).toBe(
      "This sends 1 more request with up to 10 tokens, at most $0.0001, to my server. You have agreed to 24 in this run already.",
    );
  });

  it("never lets more through than was agreed, whatever is booked, in whatever order, and whatever is answered", async () => {
    const call = fc.record({ requests: fc.nat(900), tokens: fc.nat(900_000), together: fc.boolean() });
    const answer = fc.constantFrom<SpendAnswer>(true, false, "run");
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { maxLength: 8 }),
        fc.array(answer, { minLength: 1, maxLength: 8 }),
        async (calls, answers) => {
          const { ledger: l, questions } = ledger(answers);
          const sent = { requests: 0, tokens: 0 };
          const pending: Promise<void>[] = [];
          for (const { requests, tokens, together } of calls) {
            const done = l.book({ requests, tokens, warmup: 0 }).then(
              () => {
                sent.requests += requests;
                sent.tokens += tokens;
              },
              () => undefined,
            );
            pending.push(done);
            if (!together) await Promise.all(pending);
          }
          await Promise.all(pending);
          const agreed = { requests: 0, tokens: 0 };
          for (const [i, { requests, tokens }] of questions.entries()) {
            const said = answers[Math.min(i, answers.length - 1)];
            if (said === "run") Object.assign(agreed, budget);
            else if (said === true) {
              agreed.requests += requests;
              agreed.tokens += tokens;
            }
          }
          expect(sent.requests).toBeLessThanOrEqual(Math.min(agreed.requests, budget.requests));
          expect(sent.tokens).toBeLessThanOrEqual(Math.min(agreed.tokens, budget.tokens));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("what a workload is booked as", () => {
  const workload = { arrivals: poisson(10), prompt: fixed(100), output: fixed(20), requests: 20 };

  it("counts the warm-up", () => {
    const cold = bookingOf(workload, 0, budget);
    const warm = bookingOf(workload, 4, budget);
    expect(cold).toMatchObject({ requests: 20, warmup: 0 });
    expect(warm.requests).toBe(20 + warm.warmup);
    expect(warm.warmup).toBeGreaterThanOrEqual(4);
    expect(warm.tokens).toBeGreaterThan(cold.tokens);
  });

  it.each([
    ["a number of requests", { ...workload, requests: 1e9 }],
    ["a duration", { arrivals: poisson(1e6), prompt: fixed(1), output: fixed(1), duration: 1e9 }],
    ["a script", script(Array.from({ length: 1_600 }, () => ({ at: 0, prompt: 1, output: 1 })))],
    ["sessions", { ...workload, sessions: { turns: fixed(1e9) }, requests: 1e9 }],
  ])("is over the budget without being worked out, where it is far over by %s", (_how, huge) => {
    expect(bookingOf(huge, 4, budget).requests).toBeGreaterThan(budget.requests);
  });

  it("is refused in words where it is no workload", () => {
    expect(() => bookingOf({ ...workload, requests: NaN }, 4, budget)).toThrow("workload.requests");
  });
});

it.each([
  [120, "$120"],
  [1234, "$1,200"],
  [0.0001, "$0.0001"],
])("a cost of %d USD is written as %s", (usd, text) => {
  expect(dollars(usd)).toBe(text);
});
