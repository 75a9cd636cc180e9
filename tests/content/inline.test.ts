/** MDX and the formatter take a component that begins a line for a block of its own, and the sentence around it falls apart. */
import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const inline = /^<(?:Point|Term|Source|Gap)\b/;

/** Lines at which a sentence is cut by a component of it, as "line: text". */
function cuts(text: string): string[] {
  const lines = text.replace(/^```[\s\S]*?^```/gm, (code) => code.replaceAll(/[^\n]/g, "")).split("\n");
  return lines.flatMap((line, index) => {
    if (!inline.test(line)) return [];
    const before = lines.slice(0, index).findLast((each) => each.trim() !== "") ?? "";
    const goesOn = /[\p{L}\d,;(–]$/u.test(before);
    const standsAlone = /^<\w+[^>]*>$/.test(line);
    return goesOn || standsAlone || (lines[index - 1] ?? "") !== "" ? [`${index + 1}: ${line}`] : [];
  });
}

test.each(globSync("content/**/*.mdx"))("no sentence of %s is cut by a component that begins a line", (file) => {
  expect(cuts(readFileSync(file, "utf8"))).toEqual([]);
});

test("a component within a sentence is found wherever the formatter has put it", () => {
  expect(cuts("Write it for the\n\n<Term id='x'>x</Term>, the rate.")).toHaveLength(1);
  expect(cuts('Then\n<Point figure="a" state="b">\n  two\n</Point>\nhold.')).toHaveLength(1);
  expect(cuts("<Term id='x'>X</Term> cuts every matrix.")).toHaveLength(0);
});
