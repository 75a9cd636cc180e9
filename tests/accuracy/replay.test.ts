import { describe, expect, it } from "vitest";
import { playAll, replayErrors } from "../../scripts/accuracy-replay.ts";

describe("real vLLM runs, replayed", () => {
  const runs = playAll("tests/accuracy/replay").map(replayErrors);

  it("finds both folders", () => {
    expect(runs.map((run) => run.folder)).toEqual(["RTX4090_Llama-3.1-8B", "RTXPRO6000_Llama-3.1-8B"]);
  });

  it.each(runs)("$folder: on the requests after the first hundred", ({ fitted }) => {
    expect(Math.abs(fitted.tpotMean)).toBeLessThan(0.03);
    expect(Math.abs(fitted.e2eMean)).toBeLessThan(0.03);
    expect(Math.abs(fitted.ttftMean)).toBeLessThan(0.08);
    expect(Math.abs(fitted.ttftP99)).toBeLessThan(0.12);
  });
});
