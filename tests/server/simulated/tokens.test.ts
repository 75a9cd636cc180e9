import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerText, word } from "../../../src/server/simulated/answer-text.ts";
import { promptBlocks } from "../../../src/server/simulated/prompt-blocks.ts";
import { decode, eachToken, encode } from "../../../src/server/simulated/tokens.ts";

describe("the tokenizer", () => {
  it("gives any text back", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => void expect(decode(encode(text))).toBe(text)));
  });

  it("counts as many tokens as it gives ids", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme-composite" }),
        (text) => void expect(eachToken(text)).toBe(encode(text).length),
      ),
    );
  });

  it("counts every word that the model says as one token", () => {
    const text = Array.from({ length: 3000 }, (_, i) => word(7, i)).join("");
    expect(eachToken(text)).toBe(3000);
  });
});

describe("a stop string", () => {
  it("cuts where it first occurs, and the tokens after it are not generated", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 0, max: 39 }), (seed, at) => {
        const whole = answerText(seed, 40, "length", []);
        const texts = Array.from({ length: 40 }, (_, i) => whole.text(i));
        const stop = texts[at]!;
        const cut = answerText(seed, 40, "length", [stop]);
        const said = Array.from({ length: cut.tokens }, (_, i) => cut.text(i)).join("");
        expect(cut.finish).toBe("stop");
        expect(said).toBe(texts.join("").slice(0, texts.join("").indexOf(stop)));
        expect(cut.tokens).toBeLessThanOrEqual(at + 1);
      }),
    );
  });
});

describe("prompt blocks", () => {
  it("are equal exactly as far as the texts are", () => {
    const shared = "one two three ".repeat(30);
    const a = promptBlocks({ kind: "text", text: `${shared}alpha` }).segments;
    const b = promptBlocks({ kind: "text", text: `${shared}omega` }).segments;
    const same = a.filter((block, i) => block.id === b[i]?.id).length;
    expect(same).toBe(a.length - 1);
    const c = promptBlocks({ kind: "text", text: `X${shared}alpha` }).segments;
    expect(c.some((block) => block.id === a[0]!.id)).toBe(false);
  });
});
