/** Every lab is proved: its solution passes, its starter fails by a check, and each wrong answer gets the message it must get. */
import { describe, expect, it } from "vitest";
import { mustGet } from "../../src/lab/prove.ts";
import { labFolder, labNames } from "./lab-folder.ts";

const seeds = process.env.TEST_LONG ? Array.from({ length: 40 }, (_, i) => i * 104_729 + 7) : [7, 4_294_967_291];

describe.each(labNames)("lab %s", (name) => {
  const { read, wrong, proof } = labFolder(name);

  it.each(seeds)("its solution passes every check on seed %i", async (seed) => {
    const { threw, results } = await proof(read("solution.ts"), seed);
    expect(threw).toBeNull();
    expect(results.filter(({ outcome }) => outcome !== "passed")).toEqual([]);
    expect(results.length).toBeGreaterThan(0);
  });

  it("its starter runs and fails at least one check, by the check's own judgement", async () => {
    const { threw, results } = await proof(read("starter.ts"), seeds[0]!);
    expect(threw).toBeNull();
    const failed = results.filter(({ outcome }) => outcome === "failed");
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.filter(({ message }) => message?.startsWith("Your code threw"))).toEqual([]);
  });

  it.each(wrong)("the wrong answer %s gets its message", async (file) => {
    const code = read(`wrong/${file}`);
    const message = mustGet(code, `labs/${name}/wrong/${file}`);
    const { threw, results } = await proof(code, seeds[0]!);
    const said = [threw ?? "", ...results.map((result) => result.message ?? "")].join("\n");
    expect(said).toContain(message);
  });
});
