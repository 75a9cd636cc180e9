/** labs/<id>/<language>.yaml: whole and true to what the lab says in English; what is left out stands in English and is named. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { translationFaults } from "../../scripts/lab/translations.ts";
import { toldByChecks } from "../../scripts/lab/told-by-checks.ts";
import { labIds, readLabFile, readLabFolder } from "../../scripts/lab/lab-folders.ts";
import { secondLanguages } from "../../src/languages.ts";
import { close, type CheckFailure } from "../../src/lab/checks.ts";
import { translator } from "../../src/lab/phrases.ts";
import { readTranslation, translate } from "../../src/lab/translation.ts";

const translated = labIds().flatMap((id) =>
  Object.keys(secondLanguages)
    .filter((lang) => readLabFile(id, `${lang}.yaml`) !== undefined)
    .map((lang) => ({ id, lang })),
);

test("there is a lab in a second language", () => expect(translated).not.toEqual([]));

describe.each(translated)("$id in $lang", ({ id, lang }) => {
  test("it translates what is there, all of it, and nothing else", () => {
    const { faults, missing } = translationFaults(id, lang);
    expect(faults).toEqual([]);
    expect(missing).toEqual([]);
  });
});

const english = readLabFolder("anatomy-of-one-request").sources!;
const yaml = readLabFile("anatomy-of-one-request", "de.yaml")!;
const told = toldByChecks(english.checks);

test("what is left out stands in English, and is named", () => {
  const { translation } = readTranslation("title: Anders\n", "de.yaml", english.definition, told);
  const { definition, missing } = translate(english.definition, translation, told);
  expect(definition.title).toBe("Anders");
  expect(definition.steps).toEqual(english.definition.steps);
  expect(missing).toEqual(["question", "steps", "hints", "debrief", "stretch", "prediction", "params", "checks"]);
});

test("one message without a translation is enough to say so", () => {
  const words = parse(yaml) as { checks: Record<string, string> };
  const [first = ""] = Object.keys(words.checks);
  delete words.checks[first];
  expect(translate(english.definition, words, told).missing).toEqual(["checks"]);
});

test.each([
  ["steps: [one]\n", "`steps` has 1 entries; lab.yaml has 6."],
  ["params: { speed: Tempo }\n", "`params` names speed, which lab.yaml has not."],
  ["checks: { gone: weg }\n", 'checks.ts doesn\'t say "gone".'],
  ['checks: { "an e2e of {1}": "ein e2e" }\n', '"ein e2e" has other holes than "an e2e of {1}".'],
  ["titel: x\n", "`titel` is not a field."],
])("a slip in it is said with what is wrong: %s", (text, says) => {
  const { faults } = readTranslation(text, "de.yaml", english.definition, told);
  expect(faults.map((fault) => fault.says)).toContain(says);
});

test("a failure of a check comes out in the language as a whole, its numbers too", () => {
  const { translation } = readTranslation(yaml, "de.yaml", english.definition, told);
  const site = parse(readFileSync("content/de/words.yaml", "utf8")) as Record<string, string>;
  const say = translator("de", { ...site, ...translate(english.definition, translation, told).phrases });
  let message = "";
  try {
    close(0.5, 0.48, {
      relative: 0.001,
      what: "E2E of 1300 tokens in, 10 out, in seconds:",
      why: "The first token comes out of prefill, so N tokens need N − 1 decode steps.",
      hint: "Count the decode steps of a reply of one token.",
    });
  } catch (error) {
    message = (error as CheckFailure).message;
  }
  expect(say(message)).toBe(
    "Gesehen: E2E von 1300 Tokens hinein und 10 heraus, in Sekunden: 0,5. Erwartet: 0,48 (± 0,1 %). " +
      "Das erste Token kommt aus dem Prefill, also brauchen N Tokens N − 1 Decode-Schritte. " +
      "Tipp: Zählen Sie die Decode-Schritte einer Antwort aus einem Token.",
  );
});
