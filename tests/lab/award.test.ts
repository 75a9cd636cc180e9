/** Points that a check awards: they go with its result, they must be a number, and a failed check has none. */
import { expect, it } from "vitest";
import { check, that } from "../../src/lab/checks.ts";
import type { LabContext } from "../../src/lab/context.ts";
import type { CheckResult } from "../../src/lab/protocol.ts";
import { grade } from "../../src/lab/runtime.ts";

async function results(...checks: ReturnType<typeof check>[]): Promise<readonly CheckResult[]> {
  const told: CheckResult[] = [];
  const lab = { seed: 7, params: {}, runs: [], charts: [], measured: false } as unknown as LabContext;
  const describe = (thrown: unknown) => ({ name: "Error", message: String(thrown), stack: "" });
  await grade(checks, lab, {}, (result) => told.push(result), describe);
  return told;
}

it("points go with the check that awarded them, and with no other", async () => {
  const [first, second] = await results(
    check("a", (lab) => lab.award(93.5)),
    check("b", () => undefined),
  );
  expect(first).toEqual({ name: "a", seed: 7, outcome: "passed", points: 93.5 });
  expect(second).not.toHaveProperty("points");
});

it("a check that fails awards nothing, whatever it said before", async () => {
  const [failed] = await results(
    check("a", (lab) => {
      lab.award(93.5);
      that(false, { seen: "1", expected: "2", why: "Because." });
    }),
  );
  expect(failed?.outcome).toBe("failed");
  expect(failed).not.toHaveProperty("points");
});

it("points that are no number are the author's fault", async () => {
  const [faulty] = await results(check("a", (lab) => lab.award(NaN)));
  expect(faulty).toMatchObject({ outcome: "failed", atFault: true });
});
