import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { labSchema, parseLab } from "../../src/lab/definition.ts";
import { sourceHash } from "../../src/lab/hash.ts";

const yaml = readFileSync(join(import.meta.dirname, "../../labs/anatomy-of-one-request/lab.yaml"), "utf8");

describe("lab.yaml", () => {
  it("says which file, which field and what is wrong", () => {
    expect(() => parseLab(yaml.replace("minutes: 12", "minutes: soon"), "labs/x/lab.yaml")).toThrow(
      /labs\/x\/lab.yaml[\s\S]*minutes/,
    );
  });
  it("refuses a field that nobody reads", () => {
    expect(() => parseLab(`${yaml}\ncolour: red\n`, "x")).toThrow(/colour/);
  });
  it("describes every field for authors", () => {
    const missing = Object.entries(labSchema.shape).filter(([, field]) => !describedBy(field));
    expect(missing.map(([name]) => name)).toEqual([]);
  });
});

function describedBy(field: { description?: string | undefined; def?: unknown }): boolean {
  if (field.description !== undefined) return true;
  const inner = (field.def as { innerType?: { description?: string; def?: unknown } } | undefined)?.innerType;
  return inner !== undefined && describedBy(inner);
}

describe("the fingerprint of a source", () => {
  it("does not depend on how lines end", () => {
    expect(sourceHash("a\r\nb")).toBe(sourceHash("a\nb"));
  });
  it("differs for different text", () => {
    expect(sourceHash("a")).not.toBe(sourceHash("b"));
  });
});
