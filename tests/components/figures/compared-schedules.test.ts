/** Schedules beside each other: the frames count what the schedule says. */
import { expect, test } from "vitest";
import { figures } from "../../../src/components/figures/lesson-four.ts";

const { frames } = figures["player"]!();
const reading = (frame: (typeof frames)[number], name: string) =>
  Number(frame.readings.find(([of]) => of === name)?.[1].replaceAll(",", ""));

test("never more than four write or are held, and both schedules end with nobody", () => {
  for (const frame of frames)
    for (const name of ["Static", "Continuous"])
      expect(reading(frame, `${name}: batch`) + reading(frame, `${name}: held for nobody`)).toBeLessThanOrEqual(4);
  const last = frames.at(-1)!;
  for (const what of ["Static: batch", "Static: queue", "Continuous: batch", "Continuous: queue"])
    expect(reading(last, what)).toBe(0);
});

test("with three slots held for nobody four wait, until the batch is over", () => {
  const held = frames.find(({ name }) => name === "three-held")!;
  expect(reading(held, "Static: held for nobody")).toBe(3);
  expect(reading(held, "Static: queue")).toBe(4);
  expect(frames.every((frame) => reading(frame, "Continuous: held for nobody") === 0)).toBe(true);
});

test("the fifth request joins the continuous batch while the static one holds its slot", () => {
  const joins = frames.find(({ name }) => name === "fifth-joins")!;
  expect(reading(joins, "Continuous: queue")).toBeLessThan(4);
  expect(reading(joins, "Static: queue")).toBe(4);
});
