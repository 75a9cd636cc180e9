import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

type Rgb = readonly [number, number, number];
const css = readFileSync("src/styles/tokens.css", "utf8");
const themes = {
  dark: css.split('[data-theme="light"]')[0] ?? "",
  light: css.split('[data-theme="light"] {')[1] ?? "",
};

/** Linear RGB of a custom property. */
function color(theme: keyof typeof themes, name: string): Rgb {
  const hex = new RegExp(`--${name}: #([0-9a-f]{6})`).exec(themes[theme])?.[1] ?? "";
  const channel = (at: number) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(0), channel(2), channel(4)];
}

const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].toSorted((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** Machado, Oliveira & Fernandes 2009, severity 1. */
const sights: Record<string, readonly Rgb[]> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function lab([r, g, b]: Rgb, sight: string): number[] {
  const seen = (sights[sight] ?? []).map((row) => Math.min(1, Math.max(0, row[0] * r + row[1] * g + row[2] * b)));
  const [sr = 0, sg = 0, sb = 0] = seen;
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * sr + 0.3576 * sg + 0.1805 * sb) / 0.95047);
  const y = f(0.2126 * sr + 0.7152 * sg + 0.0722 * sb);
  const z = f((0.0193 * sr + 0.1192 * sg + 0.9505 * sb) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const series = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `series-${number}`);

for (const theme of ["light", "dark"] as const) {
  test(`each series colour has 3:1 contrast with the page (${theme})`, () => {
    for (const name of series) expect(contrast(color(theme, name), color(theme, "paper")), name).toBeGreaterThan(3);
  });

  test(`text colours have 4.5:1 contrast with every ground they stand on (${theme})`, () => {
    for (const ground of ["paper", "sunken", "mark-wash"])
      for (const text of ["ink", "body", "muted", "mark-text", "good", "bad", "warn"])
        expect(contrast(color(theme, text), color(theme, ground)), `${text} on ${ground}`).toBeGreaterThan(4.5);
  });

  test.each(Object.keys(sights))(`any two series colours differ for %s sight (${theme})`, (sight) => {
    for (const a of series)
      for (const b of series) {
        if (a >= b) continue;
        const [p, q] = [lab(color(theme, a), sight), lab(color(theme, b), sight)];
        expect(Math.hypot(...p.map((value, i) => value - (q[i] ?? 0))), `${a} and ${b}`).toBeGreaterThan(12);
      }
  });
}
