import { beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../../../src/engine/errors.ts";
import { simulate } from "../../../src/engine/simulate/simulate.ts";
import { expand } from "../../../src/engine/workload/expand.ts";
import { catalog } from "../../../src/engine/catalog/catalog.ts";
import { registerTrace, trace } from "../../../src/engine/workload/trace.ts";
import { registerShippedTraces } from "../../../src/engine/workload/traces/all.ts";

describe("traces", () => {
  it("a name that ships but is not loaded: an error that says what loads it", () => {
    expect(() => trace("azure-code-2023")).toThrow(InputError);
    expect(() => trace("azure-code-2023")).toThrow(/registerShippedTraces/);
  });

  it("one's own, once registered", () => {
    expect(() => trace("mine")).toThrow(/registerTrace/);
    const table = { count: 1, at: Float64Array.of(0), prompt: Uint32Array.of(5), output: Uint32Array.of(2) };
    registerTrace("mine", table);
    expect(expand(trace("mine"))).toEqual([{ at: 0, prompt: 5, output: 2 }]);
  });

  describe("once registered", () => {
    beforeAll(registerShippedTraces);

    // Rows and first lines of the published files.
    it.each([
      ["azure-code-2023", 8819, 4808, 10],
      ["azure-conversation-2023", 19366, 374, 44],
      ["mooncake-conversation", 12031, 6758, 500],
    ])("%s has the published rows", (name, rows, prompt, output) => {
      const workload = trace(name);
      const requests = expand(workload);
      expect(requests).toHaveLength(rows);
      const first = requests[0] as (typeof requests)[number];
      const tokens =
        typeof first.prompt === "number" ? first.prompt : first.prompt.reduce((sum, s) => sum + s.tokens, 0);
      expect([first.at, tokens, first.output]).toEqual([0, prompt, output]);
    });

    it("Mooncake: mean prompt 12,035 and answer 343 tokens, 36.6 % of blocks seen before", () => {
      const requests = expand(trace("mooncake-conversation"));
      const seen = new Set<string | number>();
      let blocks = 0;
      let again = 0;
      let prompt = 0;
      let output = 0;
      for (const request of requests) {
        output += request.output;
        for (const { id, tokens } of request.prompt as { id: string | number; tokens: number }[]) {
          prompt += tokens;
          blocks++;
          if (seen.has(id)) again++;
          seen.add(id);
        }
      }
      expect(prompt / requests.length).toBeCloseTo(12035, 0);
      expect(Math.round(output / requests.length)).toBe(343);
      expect(again / blocks).toBeCloseTo(0.366, 3);
    });

    it("simulates the part that requests and duration allow", () => {
      const run = simulate(
        { model: "llama-3.1-8b", gpu: "h100-sxm-80", parameters: "course-h100-v1", scheduler: { numGpuBlocks: 26000 } },
        { ...trace("mooncake-conversation"), requests: 300, duration: 60 },
      );
      expect(run.requests.count).toBeLessThan(300);
      expect(run.requests.scheduled.at(-1) as number).toBeLessThan(60);
      expect(run.requests.cachedTokens.some((tokens) => tokens > 0)).toBe(true);
    });

    it("lists what is known when a name is not", () => {
      expect(() => trace("azure")).toThrow(/azure-code-2023, azure-conversation-2023, mine, mooncake-conversation/);
    });

    it("the catalogue lists exactly those that ship", () => {
      expect(catalog.traces).toHaveLength(3);
      for (const name of catalog.traces) expect(expand({ ...trace(name), requests: 1 })).toHaveLength(1);
    });
  });
});
