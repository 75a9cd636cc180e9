import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { declarations } from "../../scripts/lab/declarations.ts";
import { out } from "../../scripts/lab/output.ts";
import * as perflab from "../../src/lab/perflab.ts";

test(
  "every value that perflab declares can be imported, every import is declared, and under its own name",
  { timeout: 180_000 },
  async () => {
    const { declarations: file = "" } = await declarations();
    const { perflab: text } = JSON.parse(await readFile(join(out, file), "utf8")) as { perflab: string };
    expect(text).not.toMatch(/\w\$\d/);
    const declared = [...text.matchAll(/^(?:export )?declare (?:const|let|function|class) (\w+)/gm)].map(
      (match) => match[1]!,
    );
    // A list at the end gives names that are declared without `export`.
    const lists = [...text.matchAll(/^export \{([^}]*)\}/gm)].flatMap((match) => match[1]!.split(","));
    const listed = lists.map((entry) => entry.trim()).filter((entry) => entry !== "");
    expect(listed.every((name) => !name.includes(" as "))).toBe(true);
    const exported = [...text.matchAll(/^export declare (?:const|let|function|class) (\w+)/gm)].map(
      (match) => match[1]!,
    );
    const values = new Set([...exported, ...listed.filter((name) => declared.includes(name))]);
    expect([...values].sort()).toEqual(Object.keys(perflab).sort());
  },
);
