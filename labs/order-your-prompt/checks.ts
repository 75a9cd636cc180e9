import { check, exportedFunction, that } from "perflab/checks";
import { block, foundShare, serve, tokens, traffic, type Parts } from "./assistant.ts";
import type { Json } from "./words.ts";

type Stable = (value: Json) => string;
type Template = (parts: Parts) => string;
type Cached = (before: readonly string[], prompt: readonly string[]) => number;

/** Tokens t0, t1 … with another one from `from` on. */
const prompt = (length: number, from = Infinity) =>
  Array.from({ length }, (_, i) => (i < from ? `t${i}` : `other${i}`));

export default [
  check("What is found are whole blocks from the beginning, and never the last token", (lab) => {
    const cached = exportedFunction<Cached>(lab, "cached(before, prompt)");
    const length = 100 + (lab.seed % 200);
    const exact = block * (6 + (lab.seed % 9));
    for (const [before, now, right, why] of [
      [
        prompt(length),
        prompt(length, 0),
        0,
        "The first token differs, so nothing is found, however much of the rest is the same.",
      ],
      [
        prompt(length),
        ["now", ...prompt(length).slice(1)],
        0,
        "One early token, and everything behind it is computed anew: a block stands for all the text before it.",
      ],
      [
        prompt(length),
        prompt(length + 40, 70),
        64,
        "70 tokens are the same; they are 4 whole blocks and a part of a fifth.",
      ],
      [prompt(exact + 1), prompt(exact + 1), exact, "All but the last token can be found."],
      [
        prompt(exact),
        prompt(exact),
        exact - block,
        "The last token must be computed, for its step gives the first token of the answer. So the block that it ends is not found.",
      ],
      [prompt(exact), prompt(exact + 50), exact, "The whole of the shorter text is found in the longer one."],
      [
        prompt(exact + 50),
        prompt(exact),
        exact - block,
        "The prompt ends inside the other one; its last token is computed all the same.",
      ],
      [[], prompt(length), 0, "Nothing was served before."],
    ] as const) {
      const answer = cached(before, now);
      const show = { seen: `${answer} of ${now.length} tokens`, expected: `${right}` };
      that(typeof answer === "number" && answer % block === 0, {
        ...show,
        why: `A block is found as a whole or not at all, so it is a multiple of ${block}.`,
        hint: `Math.floor(… / block) * block.`,
      });
      that(answer === right, { ...show, why });
    }
  }),

  check("Equal tools are equal text, whatever the order of their keys", (lab) => {
    const stable = exportedFunction<Stable>(lab, "stable(value)");
    const [one, other] = traffic(lab.seed, 2).map(({ tools }) => tools) as [Json, Json];
    const [text, again] = [stable(one), stable(other)];
    that(typeof text === "string", { seen: String(text), expected: "a text", why: "It goes into the prompt." });
    that(text === again, {
      seen: `${text.slice(0, 60)}… and ${again.slice(0, 60)}…`,
      expected: "the same text",
      why: "They have the same fields, put in in another order, and some lie inside others.",
      hint: "Sort the keys of each object, and of the objects in it.",
    });
    const list = stable(["b", { z: 1, a: [2, 1] }, true]);
    that(list === '["b",{"a":[2,1],"z":1},true]', {
      seen: list,
      expected: '["b",{"a":[2,1],"z":1},true]',
      why: "Lists keep their order: it means something. Numbers and truth values stay what they are.",
    });
    let back: unknown = null;
    try {
      back = JSON.parse(text);
    } catch {
      // Said below.
    }
    that(back !== null && sorted(back) === sorted(one), {
      seen: `${text.slice(0, 80)}…`,
      expected: "JSON with the same content",
      why: "The model must still be told of every tool.",
    });
  }),

  check("The prompt says all that it said, and most of it is found again", (lab) => {
    const template = exportedFunction<Template>(lab, "template(parts)");
    const calls = traffic(lab.seed, 80);
    const texts = calls.map((parts) => template(parts));
    calls.forEach(({ time, system, document, question, tools }, i) => {
      for (const [name, part] of Object.entries({ time, system, document, question }))
        that(texts[i]?.includes(part) === true, {
          seen: `a prompt without its ${name}`,
          expected: "all five parts",
          why: "What the model is not told it does not know. Move it, don’t drop it.",
        });
      const names = (tools as readonly { readonly name: string }[]).map(({ name }) => name);
      that(
        names.every((name) => texts[i]?.includes(name)),
        {
          seen: "a prompt without some of its tools",
          expected: "all of them",
          why: "What the model is not told it does not know.",
        },
      );
    });
    const share = foundShare(serve(texts.map(tokens)));
    const show = { seen: `${(100 * share).toFixed(1)} % found`, expected: "85 % or more" };
    const [a, b] = [texts[0] ?? "", texts[1] ?? ""];
    const same = tokens(a).findIndex((token, i) => token !== tokens(b)[i]);
    const at = (part: string) => tokens(a.slice(0, Math.max(0, a.indexOf(part)))).length;
    that(!(share < 0.85 && same <= at(calls[0]?.time ?? "") + 12 && at(calls[0]?.time ?? "") < 1000), {
      ...show,
      why: "Two prompts part at the time, and it stands before things that never change.",
      hint: "Time and question last.",
    });
    that(share >= 0.6, {
      ...show,
      why: `The first two prompts part after ${same} tokens. What stands there differs from call to call, or is written in another order.`,
      hint: "system, stable(tools), document, time, question.",
    });
    that(share >= 0.85, {
      ...show,
      why: "What all calls share must come before what only some share. Behind a document, system prompt and tools are found only where that document was read before.",
      hint: "The system prompt and the tools before the document.",
    });
  }),
];

/** JSON with sorted keys, by another way than the learner's. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
