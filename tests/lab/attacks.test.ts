/** The table of attacks speaks of tests that are there, and leaves out no kind of attack. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { attacks } from "./attacks.ts";

const root = join(import.meta.dirname, "../..");

test.each(attacks.map((each) => [`${each.attack}: ${each.by}`, each] as const))(
  "%s is held by a test that is there",
  (_, { file, name }) => {
    const text = readFileSync(join(root, file), "utf8");
    const named = ['"', "'", "`"].some((quote) => text.includes(`${quote}${name}${quote}`));
    // A key that needs no quotes stands at the beginning of its line.
    const keyed = text.split("\n").some((line) => line.trimStart().startsWith(`${name}:`));
    expect(named || keyed, `${file} has no test "${name}"`).toBe(true);
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
