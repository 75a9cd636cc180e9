import { expect, test } from "vitest";
import { knows, onlyBare, translator, typedInEnglish } from "../../src/lab/phrases.ts";

const say = translator("de", {
  "Hint {1} of {2}": "Tipp {1} von {2}",
  "{1} of {2} checks do not pass yet.": "{2} Prüfungen, {1} offen.",
  "Seen: {1}. Expected: {2}. {3}": "Gesehen: {1}. Erwartet: {2}. {3}",
  "{1} s": "{1} Sek.",
  "It is late.": "Es ist spät.",
});

test("a text with holes is found by what stands around them, and its values are said in the language too", () => {
  expect(say("Hint 1 of 3")).toBe("Tipp 1 von 3");
  expect(say("2 of 5 checks do not pass yet.")).toBe("5 Prüfungen, 2 offen.");
  expect(say("Seen: 0.25 s. Expected: 1,234.5 (± 0.1 %). It is late.")).toBe(
    "Gesehen: 0,25 Sek.. Erwartet: 1.234,5 (± 0,1 %). Es ist spät.",
  );
});

test("what the dictionary lacks stays English, with its numbers as the language writes them", () => {
  expect(say("Nothing of the kind in 6.47 ms")).toBe("Nothing of the kind in 6,47 ms");
});

test("names and versions are no numbers", () => {
  const names = "Llama-3.1-8B and gpt-5.6-luna on vLLM 0.33.0, at fp8.5x";
  expect(say(names)).toBe(names);
});

test("a number typed with a decimal comma is read as one, and a point in front of other than three digits stays a point", () => {
  expect(typedInEnglish("de", "12,5")).toBe("12.5");
  expect(typedInEnglish("de", "1.234,5")).toBe("1234.5");
  expect(typedInEnglish("de", "0.5")).toBe("0.5");
  expect(typedInEnglish(undefined, "12,5")).toBe("12,5");
});

test("a dictionary knows a text by its phrase", () => {
  expect(knows({ "Hint {1}": "Tipp {1}" }, "Hint 4")).toBe(true);
  expect(knows({ "Hint {1}": "Tipp {1}" }, "Tip 4")).toBe(false);
});

test("what is drawn out of translated texts has its bare numbers put right, and the numbers in its texts left alone", () => {
  const drawn = onlyBare(say);
  expect(drawn("8.192 Tokens Kontext")).toBe("8.192 Tokens Kontext");
  expect(drawn("0.25 s")).toBe("0,25 Sek.");
  expect(drawn("1,500")).toBe("1.500");
  expect(drawn("It is late.")).toBe("Es ist spät.");
});
