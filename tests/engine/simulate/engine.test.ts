import { describe, expect, it } from "vitest";
import { createEngine } from "../../../src/engine/simulate/engine.ts";
import { simulate } from "../../../src/engine/simulate/simulate.ts";
import { script } from "../../../src/engine/workload/expand.ts";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80", parameters: "course-h100-v1" } as const;

describe("the engine that is driven from outside", () => {
  it("keeps the same times as simulate", () => {
    const requests = [
      { at: 0, prompt: 3000, output: 40 },
      { at: 0.01, prompt: 700, output: 10 },
      { at: 0.3, prompt: 9000, output: 5 },
    ];
    const run = simulate(server, script(requests));
    const engine = createEngine(server);
    const first = new Map<number, number>();
    const last = new Map<number, number>();
    let next = 0;
    let now = 0;
    for (;;) {
      while (next < requests.length && (requests[next] as { at: number }).at <= now) {
        const { at, ...request } = requests[next++] as (typeof requests)[number];
        engine.add(request, at);
      }
      const step = engine.step(now);
      if (step) {
        for (const i of step.requests) {
          if (!first.has(i)) first.set(i, step.end);
          last.set(i, step.end);
        }
        now = step.end;
      } else if (next < requests.length) now = (requests[next] as { at: number }).at;
      else break;
    }
    requests.forEach((_, i) => {
      expect(first.get(i)).toBe(run.requests.first[i]);
      expect(last.get(i)).toBe(run.requests.last[i]);
    });
    expect(engine.state().freeBlocks).toBe(engine.state().totalBlocks);
  });

  it("finds a shared prefix again, and counts it", () => {
    const engine = createEngine(server);
    const prompt = [
      { id: "system", tokens: 160 },
      { id: "user 1", tokens: 8 },
    ];
    const a = engine.add({ prompt, output: 1 }, 0);
    engine.step(0);
    const b = engine.add(
      { prompt: [prompt[0] as { id: string; tokens: number }, { id: "user 2", tokens: 9 }], output: 1 },
      1,
    );
    engine.step(1);
    expect(engine.cachedTokens(a)).toBe(0);
    expect(engine.cachedTokens(b)).toBe(160);
    expect(engine.state()).toMatchObject({ prefixQueries: 337, prefixHits: 160, running: 0, waiting: 0 });
  });

  it("frees what a cancelled request held", () => {
    const engine = createEngine(server);
    const i = engine.add({ prompt: 1000, output: 100 }, 0);
    engine.step(0);
    expect(engine.state().running).toBe(1);
    expect(engine.cancel(i, 0.1)).toBe(true);
    expect(engine.cancel(i, 0.1)).toBe(false);
    expect(engine.state().freeBlocks).toBe(engine.state().totalBlocks);
    expect(engine.step(1)).toBeNull();
  });

  it("refuses a prompt that could never fit", () => {
    const engine = createEngine({ ...server, scheduler: { numGpuBlocks: 101 } });
    expect(engine.add({ prompt: 1601, output: 1 }, 0)).toBe(-1);
    expect(engine.add({ prompt: 1600, output: 1 }, 0)).toBe(1);
  });
});
