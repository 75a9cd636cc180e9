import { expect, test } from "vitest";
import { namesOf } from "../../../src/components/author/term-names.ts";

const finds = (text: string, term: string, also?: readonly string[]) =>
  namesOf(term, also).some((name) => name.test(text));

test("a term is found as a whole word, one or many, in any case", () => {
  expect(finds("Two replicas share it.", "Replica")).toBe(true);
  expect(finds("Their Utilisation is 0.9.", "Utilisation (ρ)")).toBe(true);
  expect(finds("a tokenizer", "Token")).toBe(false);
});

test("an abbreviation is found in its own capitals only", () => {
  expect(finds("TTFTs at p99", "TTFT")).toBe(true);
  expect(finds("a storage rag", "RAG")).toBe(false);
});

test("either of two names counts, as do other names; an apostrophe may be of either kind", () => {
  expect(finds("nprobe 8", "IVF / nprobe")).toBe(true);
  expect(finds("each vector", "Embedding", ["vector"])).toBe(true);
  expect(finds("Little's law", "Little’s law")).toBe(true);
});
