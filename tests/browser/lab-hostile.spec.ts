/** Everything that a lab may do to the page, honest and hostile: the page answers, the run ends in words, and the next run works. */
import { loadavg } from "node:os";
import { expect, test, type Page } from "./test.ts";
import fc from "fast-check";
import { LabPage } from "./lab-page.ts";

/** The longest time between two ticks of a 10 ms timer in the page since the last call, ms. */
async function startWatching(page: Page): Promise<void> {
  await page.evaluate(() => {
    let last = performance.now();
    Reflect.set(globalThis, "longestGap", 0);
    setInterval(() => {
      const now = performance.now();
      Reflect.set(globalThis, "longestGap", Math.max(Reflect.get(globalThis, "longestGap") as number, now - last));
      last = now;
    }, 10);
  });
}
const longestGap = (page: Page) =>
  page.evaluate(() => {
    const gap = Math.round(Reflect.get(globalThis, "longestGap") as number);
    Reflect.set(globalThis, "longestGap", 0);
    return gap;
  });

/** With what else the machine does: of a busy one, the gaps say little. */
function print(gaps: readonly string[]): void {
  const load = loadavg()[0]!.toFixed(1);
  console.log(`longest gap between two ticks of the page (load of the machine: ${load})\n  ${gaps.join("\n  ")}`);
}

async function nextRunWorks(lab: LabPage, after?: string): Promise<void> {
  await lab.run('console.log("alive");');
  await expect(lab.console, after).toContainText("alive");
}

/** Gets hold of the worker's port, as no lab should, and sends what it likes: `say(message)`. */
const withPort = (attack: string) => `
const g: any = globalThis;
const data = Object.getOwnPropertyDescriptor(g.MessageEvent.prototype, "data")!;
let got: any = null;
Object.defineProperty(g.MessageEvent.prototype, "data", { get(this: any) { const d = data.get!.call(this); got ??= { port: this.target, v: d.v, run: d.run, n: d.n }; return d; } });
while (got === null) await new Promise((yes) => setTimeout(yes, 20));
const { v, run } = got;
const say = (message: any) => got.port.postMessage({ v, run, ...message });
const chart = (title: string, extra: any) => say({ type: "chart", origin: { kind: "calculated" }, description: { kind: "line", title, finding: "", table: { columns: [], rows: [] }, spec: { title, x: { label: "x" }, y: { label: "y" }, series: [] }, ...extra } });
${attack}
export {};
`;

const axes = '{ title: "t", x: { label: "x" }, y: { label: "y" } }';

const attacks: Readonly<Record<string, string>> = {
  "a million pongs": "for (let i = 0; i < 1e6; i++) say({ type: 'pong', n: i });",
  "a progress flood": "for (let i = 0; i < 1e6; i++) say({ type: 'progress', done: i, of: 1e6 });",
  "owners of a length of 1e12": `chart("blocks", { kind: "blocks", spec: { columns: 10, owners: { length: 1e12 }, blocksPerCell: 1 } });`,
  "a heat map that says 1e9": `chart("heat", { kind: "heatmap", spec: { ...${axes}, z: { label: "z" }, values: { length: 1e9 } } });`,
  "gantt kinds out of range": `chart("gantt", { kind: "gantt", spec: { x: { label: "x" }, kinds: ["a"], rows: [{ label: "r", spans: [{ from: 0, to: 1, kind: 1e9 }] }] } });`,
  "a sparse array of 2^32 - 1": "say({ type: 'progress', done: 1, of: 2, extra: new Array(2 ** 32 - 1) });",
  "a Map of three million":
    "say({ type: 'progress', done: 1, of: 2, extra: new Map(Array.from({ length: 3e6 }, (_, i) => [i, i])) });",
  "4,900 charts": "for (let i = 0; i < 4900; i++) chart('chart ' + i, {});",
  "20,000 series": `chart("series", { spec: { ...${axes}, series: Array.from({ length: 20000 }, (_, i) => ({ name: "s" + i, points: [{ x: 1, y: 1 }] })) } });`,
  "a table of 600,000 rows": `chart("table", { kind: "table", table: { columns: ["a"], rows: Array.from({ length: 600000 }, (_, i) => [i]) } });`,
  "a title of 14 MB": "chart('x'.repeat(14e6), {});",
  "5,000 messages of 1,000 lines":
    "for (let i = 0; i < 5000; i++) say({ type: 'console', dropped: 0, lines: [{ level: 'log', values: [{ kind: 'string', text: 'a\\n'.repeat(1000) }] }] });",
  "600 messages of 50 values":
    "for (let i = 0; i < 600; i++) say({ type: 'console', dropped: 0, lines: [{ level: 'log', values: Array.from({ length: 50 }, () => ({ kind: 'object', text: 'v'.repeat(4000) })) }] });",
  "1,000 stacks of 20,000 letters":
    "for (let i = 0; i < 1000; i++) say({ type: 'error', error: { name: 'E', message: 'm', stack: 'at ' + 'a'.repeat(19000) + ' (lab:main.js' } });",
  "200,000 exports":
    "say({ type: 'done', exported: Object.fromEntries(Array.from({ length: 2e5 }, (_, i) => ['e' + i, i])) });",
  "a message of another run":
    "say({ type: 'done', exported: {}, run: run + 1 }); say({ type: 'console', run: run - 1, dropped: 0, lines: [] });",
  "prototypes in every message": `for (const type of ['pong', 'done', 'chart', 'kept']) say(JSON.parse('{ "type": "' + type + '", "__proto__": { "polluted": 1 }, "constructor": { "prototype": { "polluted": 1 } }, "exported": { "__proto__": { "polluted": 1 } } }'));`,
  "transferred garbage":
    "const b = new ArrayBuffer(8); got.port.postMessage(b, [b]); got.port.postMessage(new MessageChannel().port1, [new MessageChannel().port2]);",
  "a clone bomb":
    "let bomb: any = []; for (let i = 0; i < 40; i++) bomb = [bomb, bomb]; say({ type: 'done', exported: bomb });",
  "a forged pass": "say({ type: 'check', result: { name: 'forged', outcome: 'passed', seed: 1, points: 1e9 } });",
  "timers that never end": "setInterval(() => say({ type: 'note', text: 'sent after the end' }), 1);",
  "a Run whose columns lie":
    "say({ type: 'kept', result: { origin: { kind: 'measured', target: 't' }, workload: {}, requests: { count: 1e12, scheduled: new Float64Array(1) } } });",
};

/** Each is what a learner may well write; with what must be seen. */
const honest: readonly (readonly [code: string, seen: RegExp, where: "console" | "problems" | "status" | "notes"])[] = [
  [
    "export const a = NaN; export const b = Infinity; export const c = -Infinity; export const d = 1e308;",
    /^Ran/,
    "status",
  ],
  ["throw Object.create(null);", /The code threw \[Object: null prototype\] \{\}/, "problems"],
  ["throw { a: 1 };", /The code threw \{ a: 1 \}/, "problems"],
  ["throw new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 2; } });", /The code threw/, "problems"],
  ["const p = Proxy.revocable({}, {}); p.revoke(); throw p.proxy;", /The code threw/, "problems"],
  [
    "throw Object.defineProperties(new Error('x'), { name: { get() { throw 1; } }, message: { value: 'm'.repeat(14e6) }, toString: { value() { throw 1; } } });",
    /mmm/,
    "problems",
  ],
  [
    "for (let i = 0; i < 3000; i++) void Promise.reject(new Error('no ' + i));",
    /2,?980 more errors are not shown/,
    "notes",
  ],
  [
    "for (let i = 0; i < 3000; i++) console.log(('x'.repeat(20) + '\\n').repeat(1000));",
    /more lines were not kept/,
    "console",
  ],
  [
    "let n = 0; const t = setInterval(() => { console.log(++n); if (n === 3) clearInterval(t); }, 20); export {};",
    /1\s*2\s*3/,
    "console",
  ],
];

test.describe("with a limit of 2 s", () => {
  test.beforeEach(({ page }) => LabPage.limit(page, 2));
  test.setTimeout(240_000);

  test("what a hostile lab sends is measured before the page walks it", async ({ page }) => {
    const lab = await LabPage.open(page);
    // What is loaded once is loaded before the gaps are measured.
    await nextRunWorks(lab);
    await startWatching(page);
    await nextRunWorks(lab);
    const gaps: string[] = [`an ordinary run: ${await longestGap(page)} ms`];
    for (const [name, attack] of Object.entries(attacks)) {
      await lab.run(withPort(attack));
      await expect(lab.status, name).toContainText(/Stopped|Ran/);
      gaps.push(`${name}: ${await longestGap(page)} ms`);
      await nextRunWorks(lab);
      await longestGap(page);
    }
    // What a run before has sent stays with it: no pass, no key on any object of the page, and no message in the run that came after.
    await expect(lab.lab).not.toContainText("forged");
    await expect(lab.lab).not.toContainText("sent after the end");
    expect(await page.evaluate(() => "polluted" in {})).toBe(false);
    print(gaps);
  });

  test("what a learner may well write ends in words", async ({ page }) => {
    const lab = await LabPage.open(page);
    await startWatching(page);
    const gaps: string[] = [];
    for (const [code, seen, where] of honest) {
      const name = code.slice(0, 80);
      await lab.run(code);
      const place = where === "notes" ? lab.lab.locator('[data-part="notes"]') : lab[where];
      await expect(place, name).toHaveText(seen);
      gaps.push(`${name}: ${await longestGap(page)} ms`);
      await nextRunWorks(lab, name);
    }
    print(gaps);
  });

  test("arbitrary consoles, exports and thrown values leave the page alive", async ({ page }) => {
    const lab = await LabPage.open(page);
    await startWatching(page);
    const number = fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -0, 5e-324, 1.8e308));
    const leaf = fc.oneof(
      number.map((n) => (Object.is(n, -0) ? "-0" : String(n))),
      fc.string().map((s) => JSON.stringify(s)),
      fc.constantFrom(
        "null",
        "undefined",
        "10n",
        "Symbol('s')",
        "new Map([[1, 2]])",
        "new Set([{}])",
        "/r/g",
        "new Date(NaN)",
        "Object.create(null)",
      ),
      fc.constantFrom(
        "new Proxy({}, { get() { throw 1; } })",
        "new Array(2 ** 32 - 1)",
        "globalThis",
        "new Error('e', { cause: 1 })",
        "(() => { const a: any = []; a.push(a); return a; })()",
      ),
      fc.integer({ min: 0, max: 2e6 }).map((n) => `"x".repeat(${n})`),
    );
    const { value } = fc.letrec<{ value: string }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        leaf,
        fc.array(tie("value"), { maxLength: 5 }).map((items) => `[${items.join(", ")}]`),
        fc
          .tuple(tie("value"), fc.integer({ min: 0, max: 3_000 }))
          .map(([item, n]) => `Array.from({ length: ${n} }, () => (${item}))`),
        fc
          .array(tie("value"), { maxLength: 4 })
          .map((items) => `({ ${items.map((item, i) => `k${i}: ${item}`).join(", ")} })`),
      ),
    }));
    const method = fc.constantFrom("log", "table", "error", "group", "dir", "assert", "count", "timeLog");
    let longest = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(method, value, fc.integer({ min: 1, max: 3_000 })), { maxLength: 3 }),
        value,
        fc.option(value),
        async (prints, exported, thrown) => {
          const loops = prints.map(
            ([name, item, n]) => `for (let i = 0; i < ${n}; i++) (console as any).${name}(${item});`,
          );
          const end = thrown === null ? "" : `throw ${thrown};`;
          await lab.run(`${loops.join("\n")}\nexport const result = ${exported};\n${end}`);
          await expect(lab.status).toContainText(/Stopped|Ran/);
          longest = Math.max(longest, await longestGap(page));
        },
      ),
      { numRuns: 12, seed: 20261127, endOnFailure: true },
    );
    print([`arbitrary values: ${longest} ms`]);
    await nextRunWorks(lab);
  });
});
