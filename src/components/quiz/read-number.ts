/** Numbers as people type them: "1,234", "5,375", "0.48 s", "480ms", "52×", "1.5e3". */

const scales: Readonly<Record<string, readonly [dimension: string, factor: number]>> = {
  s: ["time", 1],
  sec: ["time", 1],
  second: ["time", 1],
  seconds: ["time", 1],
  ms: ["time", 1e-3],
  µs: ["time", 1e-6],
  us: ["time", 1e-6],
  min: ["time", 60],
  minutes: ["time", 60],
  h: ["time", 3600],
  B: ["bytes", 1],
  kB: ["bytes", 1e3],
  KB: ["bytes", 1e3],
  MB: ["bytes", 1e6],
  GB: ["bytes", 1e9],
  TB: ["bytes", 1e12],
  KiB: ["bytes", 1024],
  MiB: ["bytes", 1024 ** 2],
  GiB: ["bytes", 1024 ** 3],
  "×": ["ratio", 1],
  x: ["ratio", 1],
  times: ["ratio", 1],
  "%": ["share", 1],
  percent: ["share", 1],
};

const shape = /^([+\-−]?(?:\d[\d.,\s\u00a0\u202f]*|\.\d+)(?:e[+-]?\d+)?)\s*(.*)$/i;

/**
 * What `text` may mean, in `unit`: one number, two where a comma may part thousands or decimals ("5,375"), none where it is no
 * number or carries a unit that can't be turned into `unit`. A currency sign in front and the unit behind may be left out.
 */
export function readNumber(text: string, unit: string): readonly number[] {
  const [, digits, behind = ""] = shape.exec(text.trim().replace(/^[$€£~≈]\s*/, "")) ?? [];
  if (digits === undefined) return [];
  const factor = factorOf(behind.trim(), unit);
  if (factor === undefined) return [];
  const bare = digits.replace(/[\s\u00a0\u202f]/g, "").replace("−", "-");
  const readings = new Set<number>();
  if (!bare.includes(",")) readings.add(Number(bare));
  if (/^[+-]?\d{1,3}(,\d{3})+(\.\d+)?(e|$)/i.test(bare)) readings.add(Number(bare.replaceAll(",", "")));
  if (/^[+-]?\d+,\d+(e|$)/i.test(bare)) readings.add(Number(bare.replace(",", ".")));
  return [...readings].filter(Number.isFinite).map((value) => value * factor);
}

/** How many of `unit` one of `typed` is. */
function factorOf(typed: string, unit: string): number | undefined {
  if (typed === "" || typed.toLowerCase() === unit.toLowerCase()) return 1;
  const [from, to] = [scales[typed], scales[unit]];
  return from !== undefined && to !== undefined && from[0] === to[0] ? from[1] / to[1] : undefined;
}
