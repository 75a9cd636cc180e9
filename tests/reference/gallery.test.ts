/** The gallery: every chart of a lab and every component of @course, and what is shown is what the code beside it says. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { gallery, runExample } from "../../scripts/reference/run-example.ts";
import { packJson, unpackJson } from "../../src/components/charts/packed.ts";
import { chartSvg } from "../../src/components/charts/svg.ts";
import { chart } from "../../src/lab/charts.ts";

const shown = readdirSync(gallery).map((file) => file.replace(".ts", ""));

it("shows every chart, and of the checks how one fails and how one awards points", () => {
  expect([...shown].sort()).toEqual([...Object.keys(chart), "award", "check"].sort());
});

describe("each example runs in a lab and shows what it is for:", () => {
  it.each(Object.keys(chart))("chart.%s", async (name) => {
    const { code, charts } = await runExample(name, gallery);
    expect(code).toContain(`chart.${name}(`);
    expect(charts).toHaveLength(1);
    // As the site's build reads it from the file that the lab build wrote.
    const [read] = unpackJson(packJson(charts)) as typeof charts;
    expect(read).toEqual(charts[0]);
    if (name !== "table") expect(chartSvg(read!.chart, { id: name })).not.toContain("NaN");
    if (/run|Run/.test(code)) expect(read!.origin.kind).toBe("simulated");
  });
  it("check", async () => {
    const { output } = await runExample("check", gallery);
    expect(output).toEqual([
      "Seen: 9 steps for 9 tokens. Expected: 8. The first token comes out of prefill. Hint: Which step makes the first token?",
    ]);
  });
  it("award", async () => {
    expect((await runExample("award", gallery)).output).toEqual(["76 points"]);
  });
});

describe("components", () => {
  const page = readFileSync("content/guides/gallery.mdx", "utf8");
  const fences = [...page.matchAll(/^```mdx\n([\s\S]*?)^```\n/gm)].map(([, code = ""]) => code.trim());
  const live = page.replaceAll(/^```[\s\S]*?^```\n/gm, "");

  it("every component of @course stands in it", () => {
    const course = readFileSync("src/components/index.ts", "utf8");
    const names = [...course.matchAll(/default as (\w+)/g)].map(([, name = ""]) => name);
    expect(names.filter((name) => !new RegExp(`<${name}[\\s>]`).test(live))).toEqual([]);
  });
  it.each(fences)("stand as their code says: %s", (code) => {
    expect(live).toContain(code);
  });
});
