/** Slips of an editor or of a hand that a parser tells badly: blanks that are none, bytes that are no text, a quote left open. Each is told where it is. */
import { expect, it } from "vitest";
import { newLab } from "../../scripts/lab/new-lab.ts";
import { faultLine } from "../../src/lab/fault.ts";
import { readLab } from "../../src/lab/lab-sources.ts";

const whole = newLab("x");
const yaml = whole["lab.yaml"]!;
const wrong = whole["wrong.yaml"]!;
const said = (change: Readonly<Record<string, string>>): readonly string[] =>
  readLab("x", (file) => ({ ...whole, ...change })[file]).faults.map(faultLine);

it.each<[string, Readonly<Record<string, string>>, RegExp]>([
  [
    "a tab",
    { "lab.yaml": yaml.replace("  - Press Run", "\t- Press Run") },
    /^labs\/x\/lab\.yaml:11:1 YAML is indented with spaces; this is a tab\.$/,
  ],
  [
    "a tab within an entry",
    { "wrong.yaml": wrong.replace("  replace", "\treplace") },
    /^labs\/x\/wrong\.yaml:4:1 YAML is indented with spaces; this is a tab\.$/,
  ],
  [
    "a no-break space",
    { "lab.yaml": yaml.replace("  - Press Run", "\u00A0\u00A0- Press Run") },
    /^labs\/x\/lab\.yaml:11:1 .*another blank, which only looks like one\.$/,
  ],
  [
    "a quote left open",
    { "lab.yaml": yaml.replace(/^title: .*$/m, 'title: "Tokens') },
    /^labs\/x\/lab\.yaml:3:8 A quote is opened here and never closed\. Close it where the text ends\.$/,
  ],
  [
    "a second document",
    { "lab.yaml": `${yaml}---\ntitle: B\n` },
    /^labs\/x\/lab\.yaml:39:1 `---` begins a second document here/,
  ],
  [
    "a file of another encoding",
    { "lab.yaml": yaml.replace(/^title: .*$/m, "title: Gr\uFFFD\uFFFDe") },
    /^labs\/x\/lab\.yaml:3 holds bytes that are no text in UTF-8\. Save the file as UTF-8\.$/,
  ],
  ["an empty starter", { "starter.ts": "\n" }, /^labs\/x\/starter\.ts is empty\. It is what the learner begins with/],
  ["empty checks", { "checks.ts": "" }, /^labs\/x\/checks\.ts is empty\. It says what is right/],
  [
    "a hint too few",
    { "lab.yaml": yaml.replace(/^ {2}- The time of one token is.*\n/m, "") },
    /^labs\/x\/lab\.yaml:33 has 2 hints; it needs 3\. Say where to look/,
  ],
  [
    "a slider without a step",
    { "lab.yaml": yaml.replace("step: 1000", "step: 0") },
    /^labs\/x\/lab\.yaml:29:5 `params\.longest\.step` is 0; it must be above 0\.$/,
  ],
])("%s is told by itself", (_, change, message) => {
  const faults = said(change);
  expect(faults.filter((line) => message.test(line))).toEqual(faults);
  expect(faults).toHaveLength(1);
});

it.each([
  ["Windows", "\r\n"],
  ["an old Mac", "\r"],
])("line ends of %s, and a mark of byte order, are no slip", (_, end) => {
  const files = Object.fromEntries(
    Object.entries(whole).map(([file, text]) => [file, `\uFEFF${text.replaceAll("\n", end)}`]),
  );
  expect(said(files)).toEqual([]);
});
