/** Figures that move: packed and unpacked they draw the same, and their frames belong together. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { draw } from "../../../src/components/charts/draw/draw.ts";
import { svgSurface } from "../../../src/components/charts/svg-surface.ts";
import { chartSvg } from "../../../src/components/charts/svg.ts";
import { checkFigure, type MovingFigure } from "../../../src/components/figures/moving.ts";
import { packFigure, unpackFigure } from "../../../src/components/figures/pack-figure.ts";
import type { ChartDescription } from "../../../src/engine/chart/types.ts";
import { lessonFigures } from "./lesson-figures.ts";

const svgs = ({ frames }: MovingFigure) =>
  frames.map(({ panels }) => panels.map((panel, i) => chartSvg(panel, { id: `p${i}` })));

describe.each(await lessonFigures())("$lesson/$name", ({ lesson, name, figure }) => {
  test("its frames belong together", () => {
    expect(() => checkFigure(figure)).not.toThrow();
  });

  test("every frame is drawn on the page as at build", () => {
    expect(svgs(unpackFigure(packFigure(figure)))).toEqual(svgs(figure));
  });

  test("its axes stay where they are while it moves", () => {
    const axes = (panel: ChartDescription) =>
      draw(svgSurface(720, 400), panel).panels.map(({ x, y }) => [x?.low, x?.high, y?.low, y?.high]);
    const [first] = figure.frames;
    for (const { panels } of figure.frames) expect(panels.map(axes)).toEqual(first?.panels.map(axes));
  });

  test("its still is the picture that was looked at", () => {
    const drawn = figure.frames[figure.still]?.panels.map((panel, i) => chartSvg(panel, { id: `panel-${i}` })) ?? [];
    const text = `${drawn.join("\n").replaceAll("><", ">\n<")}\n`;
    expect(text).not.toMatch(/NaN|undefined|#[0-9a-f]{6}/i);
    const stored = new URL(`stored/${lesson}/${name}.svg`, import.meta.url);
    if (process.env["UPDATE_FIGURES"]) {
      mkdirSync(new URL(".", stored), { recursive: true });
      writeFileSync(stored, text);
    }
    expect(text).toBe(readFileSync(stored, "utf8"));
  });
});

test("a figure whose frames do not belong together is refused by name", () => {
  const frame = { at: "1", says: "", readings: [], panels: [] };
  const figure = { title: "Odd", slider: "x", origin: { kind: "calculated" }, frames: [frame], still: 3 } as const;
  expect(() => checkFigure(figure)).toThrow('figure "Odd": its still is frame 3 of 1');
  const named = {
    ...figure,
    still: 0,
    frames: [
      { ...frame, name: "a" },
      { ...frame, name: "a" },
    ],
  };
  expect(() => checkFigure(named)).toThrow("two frames have one name");
});
