/** What a lab's console makes of what people print, and of what would break it. */
import fc from "fast-check";
import { describe as group, expect, it } from "vitest";
import { limits, type ConsoleLine } from "../../src/lab/protocol.ts";
import { captureConsole } from "../../src/lab/sandbox/console.ts";
import { inspect } from "../../src/lab/sandbox/inspect.ts";
import { describeThrown } from "../../src/lab/sandbox/thrown.ts";

function open() {
  const scope = {} as { console: Console };
  const lines: ConsoleLine[] = [];
  let dropped = 0;
  captureConsole(scope, (more, gone) => {
    lines.push(...more);
    dropped += gone;
  });
  const text = () => lines.map(({ indent = 0, values }) => "  ".repeat(indent) + values.map((v) => v.text).join(" "));
  return { console: scope.console, lines, text, dropped: () => dropped };
}

const circular: Record<string, unknown> = { a: 1 };
circular["self"] = circular;
class Point {
  x = 1;
  get y(): number {
    throw new Error("never run");
  }
}
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();

group("a value is shown in JavaScript's own notation:", () => {
  it.each<[unknown, string]>([
    [/ab+c/gi, "/ab+c/gi"],
    [new Date(NaN), "Invalid Date"],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [-0, "-0"],
    [[-0], "[-0]"],
    [NaN, "NaN"],
    [{ [Symbol("k")]: 1 }, "{ Symbol(k): 1 }"],
    [new Error("outer", { cause: new Error("inner") }), "Error: outer [cause: Error: inner]"],
    [new AggregateError([new Error("x")], "both"), "AggregateError: both [errors: [Error: x]]"],
    [Object.assign(new Error("with code"), { code: 7 }), "Error: with code { code: 7 }"],
    [[1, , 3], "[1, <1 empty item>, 3]"],
    [new Array(2 ** 32 - 1), "[<4294967295 empty items>]"],
    [Object.create(null), "[Object: null prototype] {}"],
    [new URLSearchParams("a=1"), "a=1"],
    [new URL("http://a/b"), "http://a/b"],
    [new Number(5), "[Number: 5]"],
    [new String("s"), "[String: 's']"],
    [Promise.resolve(1), "Promise {…}"],
    [new WeakMap(), "WeakMap {…}"],
    [new Map([["a", { b: 1 }]]), 'Map(1) { "a" => { b: 1 } }'],
    [new Set([1, 2]), "Set(2) { 1, 2 }"],
    [12n, "12n"],
    [circular, "{ a: 1, self: [circular] }"],
    [new Float64Array([1, -0]), "Float64Array(2) [1, -0]"],
    [new DataView(new ArrayBuffer(4)), "DataView(4)"],
    [new ArrayBuffer(8), "ArrayBuffer(8)"],
    [new Point(), "Point { x: 1 }"],
    [{ get a() { return 1; }, set b(_: number) {} }, "{ a: [getter], b: [setter] }"], // prettier-ignore
    [Point, "[class Point]"],
    [() => 1, "[function anonymous]"],
    [Symbol("s"), "Symbol(s)"],
    [new Proxy({ a: 1 }, {}), "{ a: 1 }"],
    [{ "a b": 1 }, '{ "a b": 1 }'],
    [[[[[[1]]]]], "[[[[[… 1]]]]]"],
    [undefined, "undefined"],
    [null, "null"],
  ])("%#", (value, text) => {
    expect(inspect(value)).toBe(text);
  });

  it("a revoked proxy as what it is", () => {
    expect(inspect(revoked)).toBe("[a value that cannot be shown]");
    expect(inspect([revoked, 1])).toBe("[[a value that cannot be shown], 1]");
    expect(describeThrown(revoked, new Map()).message).toBe("The code threw [a value that cannot be shown].");
  });

  it("in bounded size and time, whatever it holds", () => {
    const wide = Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`k${i}`, "x".repeat(50)]));
    const everywhere = Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => Array(100).fill("y")));
    for (const value of [
      "x".repeat(14e6),
      wide,
      everywhere,
      10n ** 5_000n,
      new Map(Array.from({ length: 1e5 }, (_, i) => [i, i])),
    ])
      expect(inspect(value).length).toBeLessThan(20_000);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withSparseArray: true,
          withTypedArray: true,
          withNullPrototype: true,
          withBoxedValues: true,
        }),
        (value) => {
          expect(typeof inspect(value)).toBe("string");
          expect(typeof describeThrown(value, new Map()).message).toBe("string");
        },
      ),
    );
  });
});

group("the console's methods", () => {
  it("print groups, timers, counts and objects (C3)", () => {
    const { console: c, text } = open();
    c.groupCollapsed("outer");
    c.log("inside");
    c.groupEnd();
    c.time("t");
    c.timeLog("t", "half way");
    c.timeEnd("t");
    c.count("n");
    c.countReset("n");
    c.count("n");
    c.dirxml({ a: 1 });
    c.log("end");
    expect(text().map((line) => line.replace(/[\d.]+ ms/, "# ms"))).toEqual([
      "outer",
      "  inside",
      "t: # ms half way",
      "t: # ms",
      "n: 1",
      "n: 1",
      "{ a: 1 }",
      "end",
    ]);
  });

  it("format what they are given", () => {
    const { console: c, text } = open();
    c.log("%s has %d of %i, %f, %o and %j %% %c", "a", 1.5, 2.9, "3.25", { b: 1 }, [1], "color: red", "rest");
    c.log("%d %d", 1);
    c.log("%s", Object.create(null));
    c.log("100 %", 5);
    expect(text()).toEqual([
      "a has 1.5 of 2, 3.25, { b: 1 } and [1] %  rest",
      "1 %d",
      "[Object: null prototype] {}",
      "100 % 5",
    ]);
  });

  it("assert what is falsy, not what is not true", () => {
    const { console: c, lines, text } = open();
    c.assert(1, "fine");
    c.assert(0, "%s is off", "it");
    c.assert(false);
    expect(text()).toEqual(["Assertion failed: it is off", "Assertion failed"]);
    expect(lines.every(({ level }) => level === "error")).toBe(true);
  });

  it("draw tables of objects, arrays, Maps and plain values", () => {
    const { console: c, lines, text } = open();
    c.table([{ a: 1, b: "x" }, { a: 2 }]);
    c.table([[1, 2], 3]);
    c.table(new Map([["k", { v: 1 }]]));
    c.table([{ a: 1, b: 2 }], ["b"]);
    c.table(5);
    expect(lines.map(({ table }) => table)).toEqual([
      { columns: ["(index)", "a", "b"], rows: [["0", "1", "x"], ["1", "2", ""]] }, // prettier-ignore
      { columns: ["(index)", "0", "1", "Value"], rows: [["0", "1", "2", ""], ["1", "", "", "3"]] }, // prettier-ignore
      { columns: ["(index)", "v"], rows: [["k", "1"]] },
      { columns: ["(index)", "b"], rows: [["0", "2"]] },
      undefined,
    ]);
    expect(text()[0]).toBe("(index)  a  b\n0        1  x\n1        2");
  });

  it("say so where a timer or count was not begun", () => {
    const { console: c, text } = open();
    c.timeEnd("x");
    c.countReset("y");
    expect(text()).toEqual(['Timer "x" was not started: console.time("x") does that.', 'Count "y" was not begun.']);
  });

  it("send each line at once, and count what is beyond the limit without looking at it", () => {
    const { console: c, lines, dropped } = open();
    c.log("first");
    expect(lines).toHaveLength(1);
    for (let i = 0; i < limits.consoleLines + 500; i++) c.log({ get trap() { throw new Error("looked at"); } }); // prettier-ignore
    expect(lines).toHaveLength(limits.consoleLines);
    expect(dropped()).toBeGreaterThan(0);
  });
});

group("whatever is thrown is an error in words:", () => {
  const withTraps = new Error("x");
  Object.defineProperty(withTraps, "name", { get: () => { throw new Error("name"); } }); // prettier-ignore
  Object.defineProperty(withTraps, "message", { get: () => { throw new Error("message"); } }); // prettier-ignore
  Object.defineProperty(withTraps, "toString", { value: () => { throw new Error("toString"); } }); // prettier-ignore
  Object.defineProperty(withTraps, "stack", { get: () => { throw new Error("stack"); } }); // prettier-ignore
  it.each<[string, unknown, string]>([
    ["an object without a prototype", Object.create(null), "The code threw [Object: null prototype] {}."],
    ["a plain object", { a: 1 }, "The code threw { a: 1 }."],
    ["a text", "stop", "stop"],
    ["nothing", undefined, "The code threw undefined."],
    ["a symbol", Symbol("s"), "The code threw Symbol(s)."],
    ["a proxy", new Proxy({ a: 1 }, {}), "The code threw { a: 1 }."],
    ["an error whose parts throw", withTraps, ""],
    ["an error with a cause", new TypeError("outer", { cause: "why" }), 'outer [cause: "why"]'],
    ["an error whose message is an object", Object.assign(new Error(), { message: { a: 1 } }), "{ a: 1 }"],
  ])("%s", (_what, thrown, message) => {
    expect(describeThrown(thrown, new Map()).message).toBe(message);
  });

  it("and no longer than a page takes", () => {
    const error = describeThrown(new Error("m".repeat(14e6)), new Map());
    expect(error.message.length + error.stack.length).toBeLessThan(30_000);
  });
});
