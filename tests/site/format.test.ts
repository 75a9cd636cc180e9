import { expect, test } from "vitest";
import { count, number, percent, time, times, usd } from "../../src/components/format.ts";

test("a number has three significant digits, a count all of them", () => {
  expect(number(8127.4)).toBe("8,130");
  expect(number(0.01523)).toBe("0.0152");
  expect(count(8127.4)).toBe("8,127");
});

test("time is in milliseconds below a second and in seconds above, on one line with its unit", () => {
  expect(time(0.006465)).toBe("6.47\u00a0ms");
  expect(time(1.916)).toBe("1.92\u00a0s");
});

test("ratios and shares", () => {
  expect(times(1.2219)).toBe("1.22×");
  expect(percent(0.0417)).toBe("4.2\u00a0%");
});

test("cents from ten cents up, three significant digits below", () => {
  expect(usd(12.5)).toBe("$12.50");
  expect(usd(0.2)).toBe("$0.20");
  expect(usd(0.00076)).toBe("$0.00076");
});
