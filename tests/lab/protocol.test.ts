import { describe, expect, it } from "vitest";
import { protocolVersion, readFromLab, readFromPage } from "../../src/lab/protocol.ts";

const envelope = { v: protocolVersion, run: 3 };

describe("messages from a lab", () => {
  it("are taken when they fit the protocol", () => {
    expect(readFromLab({ ...envelope, type: "pong", n: 1 }, 3)).toEqual({ ...envelope, type: "pong", n: 1 });
  });
  it.each([
    ["another version", { v: 99, run: 3, type: "pong", n: 1 }],
    ["another run", { v: protocolVersion, run: 4, type: "pong", n: 1 }],
    ["an unknown type", { ...envelope, type: "navigate", url: "x" }],
    ["a chart without data", { ...envelope, type: "chart", description: {}, origin: { kind: "simulated" } }],
    ["a Run without columns", { ...envelope, type: "kept", result: { origin: { kind: "measured" }, workload: {} } }],
    [
      "an endless console line",
      {
        ...envelope,
        type: "console",
        dropped: 0,
        lines: [{ level: "log", values: [{ kind: "string", text: "x".repeat(5000) }] }],
      },
    ],
    ["no object at all", "hello"],
  ])("are refused when they are of %s", (_what, message) => {
    expect(readFromLab(message, 3)).toHaveProperty("problem");
  });
});

describe("messages from a lab with keys of their own", () => {
  it.each(["pong", "done", "note", "check", "progress", "error"])(
    "of type %s add nothing to any object, whatever their keys are called",
    (type) => {
      const keys = `"__proto__": { "polluted": 1 }, "constructor": { "prototype": { "polluted": 1 } }`;
      const data = JSON.parse(
        `{ "v": ${protocolVersion}, "run": 3, "type": "${type}", "n": 1, "text": "t", "done": 1, "of": 1, ${keys},
           "exported": { ${keys} }, "result": { "name": "n", "outcome": "passed", "seed": 1, ${keys} }, "error": { "name": "n", "message": "m", "stack": "", ${keys} } }`,
      ) as object;
      const read = readFromLab(data, 3) as object;
      expect("polluted" in {}).toBe(false);
      expect("polluted" in read).toBe(false);
      for (const inner of Object.values(read)) if (typeof inner === "object") expect("polluted" in inner).toBe(false);
    },
  );
});

describe("messages from the page", () => {
  it("of the wrong version are ignored", () => {
    expect(readFromPage({ v: 0, run: 1, type: "ping", n: 1 })).toBeNull();
  });
});
