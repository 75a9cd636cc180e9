import { describe, expect, it } from "vitest";
import { summaryOf, twins } from "../../scripts/accuracy/twin.ts";
import record from "./twin.json" with { type: "json" };

describe("digital twins, fitted to five points of every closed-loop deployment measured and tested on the rest", () => {
  const summary = summaryOf(twins("tests/accuracy/measured"));

  it("takes in every deployment with eight points or more", () => {
    expect(summary.deployments).toBe(record.deployments);
  });

  it("errs by at most a tenth: median over deployments of each one's median error", () => {
    expect(summary.error).toBeLessThanOrEqual(0.1);
  });

  it.each(["error", "ttft", "tpot"] as const)("does not get worse: %s", (figure) => {
    expect(summary[figure]).toBeLessThanOrEqual(record[figure] + 0.002);
  });

  it("holds what it says in nine of ten intervals", () => {
    expect(summary.covered).toBeGreaterThanOrEqual(0.9);
  });
});
