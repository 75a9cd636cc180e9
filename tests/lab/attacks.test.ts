/** The table of attacks speaks of tests that are there, and leaves out no kind of attack. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { attacks } from "./attacks.ts";

const root = join(import.meta.dirname, "../..");

test.each(attacks.map((each) => [`${each.attack}: ${each.by}`, each] as const))(
  "%s is held by a test that is there",
  (_, { file, name }) => {
    expect(readFileSync(join(root, file), "utf8")).toContain(name);
  },
);

test("every kind of attack is in the table", () => {
  const kinds = [
    "the network",
    "navigation",
    "storage",
    "the parent",
    "the protocol",
    "floods",
    "size",
    "charts",
    "the console",
    "processor",
    "memory",
    "time",
  ];
  for (const kind of kinds) expect(attacks.map(({ attack }) => attack)).toContain(kind);
});
