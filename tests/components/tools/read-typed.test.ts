/** A number typed into a field of a tool is read alike everywhere. */
import { expect, it } from "vitest";
import { readTyped, readTypedList } from "../../../src/components/tools/read-typed.ts";

it.each([
  ["1,234.5", 1234.5],
  ["2,000", 2000],
  ["-5,375", -5375],
  ["12,5", 12.5],
  ["0,125", 0.125],
  [" 7 ", 7],
  ["1 024", 1024],
  ["12 000 000", 12e6],
  ["50k", 50_000],
  ["1.5e3", 1500],
])("%j is %d", (text, value) => {
  expect(readTyped(text)).toBe(value);
});

it("a unit may stand behind it, and is turned into the one that is asked for", () => {
  expect(readTyped("1.5 s", "ms")).toBe(1500);
  expect(readTyped("60 %", "%")).toBe(60);
});

it.each(["", "soon", "5 seconds", "1 2", "1.2.3", "Infinity", "0x10", "1,2,3"])("%j is no number", (text) => {
  expect(readTyped(text)).toBeNaN();
});

it.each<[text: string, values: number[]]>([
  ["120 340 95", [120, 340, 95]],
  ["120,340,95", [120, 340, 95]],
  ["120, 340; 95\n7,", [120, 340, 95, 7]],
  ["1,500 2,000", [1500, 2000]],
  ["2k -5", [2000, -5]],
  ["[1, 2, 3]", [1, 2, 3]],
  ["", []],
])("the list %j", (text, values) => {
  expect(readTypedList(text)).toEqual(values);
});

it.each([
  ["1,500,200", "1,500,200"],
  ["120 many", "many"],
  ["120 ١٢", "١٢"],
])("the list %j: %s is not one number", (text, unclear) => {
  expect(readTypedList(text)).toEqual({ unclear });
});
