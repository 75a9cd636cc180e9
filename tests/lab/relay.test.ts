/** What the sandbox's frame lets through to the page, from a worker that may send anything. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limits, protocolVersion, type LabToPage } from "../../src/lab/protocol.ts";
import { Relay } from "../../src/lab/sandbox/relay.ts";

function open() {
  const passed: LabToPage[] = [];
  const floods: string[] = [];
  let waiting: (() => void)[] = [];
  let now = 0;
  const relay = new Relay(1, {
    toPage: (message) => passed.push(message),
    flood: (why) => floods.push(why),
    later: (task) => waiting.push(task),
    now: () => now,
  });
  const send = (message: object) => relay.take({ v: protocolVersion, run: 1, ...message });
  /** Lets time pass until nothing waits. */
  const rest = () => {
    for (let i = 0; waiting.length > 0 && i < 10_000; i++) {
      now += 30;
      const due = waiting;
      waiting = [];
      for (const task of due) task();
    }
  };
  const of = <Type extends LabToPage["type"]>(type: Type) =>
    passed.filter((message): message is Extract<LabToPage, { type: Type }> => message.type === type);
  return { relay, send, rest, passed, floods, of, wait: (ms: number) => (now += ms) };
}

const line = (text: string, values = 1) => ({
  level: "log",
  values: Array.from({ length: values }, () => ({ kind: "string", text })),
});
const chart = (title: string, extra: object = {}) => ({
  type: "chart",
  origin: { kind: "calculated" },
  description: { kind: "table", title, finding: "", table: { columns: ["a"], rows: [[1]] }, spec: {}, ...extra },
});

describe("a lab that sends too much", () => {
  it("gets one pong through for each ping, and ends as a flood when a million come", () => {
    const { relay, send, of, floods } = open();
    send({ type: "pong", n: 0 });
    relay.pinged(7);
    send({ type: "pong", n: 6 });
    for (let i = 0; i < 1e5 && floods.length === 0; i++) send({ type: "pong", n: 7 });
    expect(of("pong").map(({ n }) => n)).toEqual([0, 7]);
    expect(floods).toEqual(["Stopped: the code sent more messages than a lab may."]);
  });

  it("may talk for as long as it likes at a steady pace", () => {
    const { send, floods, wait, of, rest } = open();
    for (let i = 0; i < 30_000; i++) {
      wait(5);
      send({ type: "progress", done: i, of: 30_000 });
      if (i % 10 === 0) rest();
    }
    expect(floods).toEqual([]);
    expect(of("progress").length).toBeLessThanOrEqual(6_001);
  });

  it("has its console cut by lines, letters, values and rows, and what was dropped counted", () => {
    for (const [what, lines] of [
      ["lines", Array.from({ length: 5_000 }, () => line("x"))],
      ["letters", Array.from({ length: 900 }, () => line("x".repeat(4_000)))],
      ["values", Array.from({ length: 600 }, () => line("x", 50))],
      ["rows", Array.from({ length: 500 }, () => line("\n".repeat(999)))],
    ] as const) {
      const { send, rest, of } = open();
      for (const one of lines) send({ type: "console", lines: [one], dropped: 0 });
      rest();
      const kept = of("console").flatMap((message) => message.lines);
      const texts = kept.flatMap(({ values }) => values.map(({ text }) => text));
      expect(kept.length, what).toBeGreaterThan(0);
      expect(kept.length, what).toBeLessThanOrEqual(limits.consoleLines);
      expect(texts.length, what).toBeLessThanOrEqual(limits.consoleValues);
      expect(texts.join("").length, what).toBeLessThanOrEqual(limits.consoleCharacters);
      expect(texts.join("").split("\n").length, what).toBeLessThanOrEqual(limits.consoleRows + 1);
      const dropped = of("console").reduce((sum, message) => sum + message.dropped, 0);
      expect(kept.length + dropped, what).toBe(lines.length);
    }
  });

  it("has 4,900 charts and 3,000 errors cut, and hears how many were left out", () => {
    const { send, rest, of } = open();
    for (let i = 0; i < 4_900; i++) send(chart(`chart ${i}`));
    for (let i = 0; i < 3_000; i++) send({ type: "error", error: { name: "Error", message: "x", stack: "" } });
    send({ type: "done", exported: {} });
    rest();
    expect(of("chart")).toHaveLength(limits.charts);
    expect(of("error")).toHaveLength(limits.errors);
    expect(of("note").map(({ text }) => text)).toEqual([
      "4,876 more charts were left out: a run shows the first 24.",
      "2,980 more errors are not shown.",
    ]);
    expect(of("done")).toHaveLength(1);
  });

  it("draws a chart of the same title again in its place", () => {
    const { send, rest, of, floods } = open();
    for (let i = 0; i < 100; i++) send(chart("grows"));
    rest();
    for (let i = 0; i < 30; i++) {
      send(chart("grows"));
      rest();
    }
    expect(of("chart").length).toBeLessThanOrEqual(32);
    expect(floods).toEqual([]);
  });

  it("sees a chart that is too large left out, and the rest of its run go on", () => {
    const { send, rest, of, floods } = open();
    send(chart("big", { spec: { values: new Float64Array(9e6) } }));
    send(chart("x".repeat(14e6)));
    send(chart("small"));
    send({ type: "done", exported: {} });
    rest();
    expect(floods).toEqual([]);
    expect(of("chart")).toHaveLength(1);
    expect(of("note")).toHaveLength(2);
    expect(of("done")).toHaveLength(1);
  });

  it("is told to end when it has said done, whatever it says afterwards", () => {
    const { send, rest, passed } = open();
    send({ type: "done", exported: { a: NaN } });
    send({ type: "done", exported: { a: 2 } });
    rest();
    send({ type: "note", text: "late" });
    rest();
    expect(passed).toMatchObject([{ type: "done", exported: { a: NaN } }]);
  });
});

describe("a lab that lies", () => {
  it.each<[string, object]>([
    ["an object that only says how long it is", { type: "progress", done: 1, of: 2, x: { length: 1e12 } }],
    ["a sparse array", { type: "progress", done: 1, of: 2, x: new Array(2 ** 32 - 1) }],
    ["a Map", { type: "progress", done: 1, of: 2, x: new Map() }],
    ["a deep value", { type: "note", text: "", x: JSON.parse("[".repeat(5_000) + "]".repeat(5_000)) as unknown }],
    [
      "200,000 exports",
      { type: "done", exported: Object.fromEntries(Array.from({ length: 2e5 }, (_, i) => [`e${i}`, i])) },
    ],
    ["a message of no known type", { type: "navigate", url: "x" }],
    [
      "a Run whose columns are shorter than it says",
      {
        type: "kept",
        result: {
          origin: { kind: "simulated" },
          workload: {},
          requests: { count: 1e12, scheduled: new Float64Array(1) },
        },
      },
    ],
  ])("with %s is stopped", (_what, message) => {
    const { send, floods, passed, rest } = open();
    send(message);
    rest();
    expect(floods).toHaveLength(1);
    expect(passed).toEqual([]);
  });

  it("never makes the frame throw, whatever it sends", () => {
    const types = fc.constantFrom(
      "pong",
      "console",
      "chart",
      "kept",
      "progress",
      "note",
      "measure",
      "openStream",
      "check",
      "error",
      "done",
      "x",
    );
    const anything = fc.anything({
      withMap: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      withBigInt: true,
      withDate: true,
    });
    const message = fc.tuple(
      types,
      fc.dictionary(
        fc.constantFrom("n", "lines", "description", "result", "done", "of", "text", "call", "error", "exported"),
        anything,
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(message, anything), { maxLength: 20 }), (messages) => {
        const { relay, send, rest } = open();
        for (const one of messages) {
          if (Array.isArray(one) && one.length === 2 && typeof one[0] === "string")
            send({ ...(one[1] as object), type: one[0] });
          else relay.take(one);
        }
        rest();
      }),
      { numRuns: 300 },
    );
  });
});
