import { check, close, exportedFunction, that } from "perflab/checks";
import type { Chat } from "./chat.ts";

type OfChat = (chat: Chat, turns: number) => number;

/** A chat that nobody has had. */
function drawn(seed: number): Chat {
  return { system: 200 + (seed % 700), message: 20 + (seed % 90), reply: 110 + (seed % 300) };
}

function prompt({ system, message, reply }: Chat, turn: number): number {
  return system + turn * message + (turn - 1) * reply;
}

const sum = (chat: Chat, turns: number) =>
  Array.from({ length: turns }, (_, i) => prompt(chat, i + 1)).reduce((a, b) => a + b, 0);

export default [
  check("A prompt holds all that was said before it", (lab) => {
    const promptTokens = exportedFunction<OfChat>(lab, "promptTokens(chat, turn)");
    const chat = drawn(lab.seed);
    for (const turn of [2, 3 + (lab.seed % 40)]) {
      const answer = promptTokens(chat, turn);
      const right = prompt(chat, turn);
      const show = { seen: `${answer} tokens in turn ${turn}`, expected: `${right}` };
      that(answer !== right - (turn - 1) * chat.reply, {
        ...show,
        why: "The replies are part of the chat: the next prompt sends them back to the model that wrote them.",
        hint: "How many replies were there before this turn?",
      });
      that(answer !== right + chat.reply, {
        ...show,
        why: "The reply of this turn is not written yet when its prompt is sent.",
      });
      close(answer, right, {
        absolute: 0,
        what: `prompt of turn ${turn}, in tokens:`,
        why: "The system prompt once, a message for each turn so far, a reply for each turn before.",
      });
    }
  }),

  check("In all, every turn sends the chat again", (lab) => {
    const readInAll = exportedFunction<OfChat>(lab, "readInAll(chat, turns)");
    const chat = drawn(lab.seed + 1);
    for (const turns of [1, 4 + (lab.seed % 30)]) {
      const answer = readInAll(chat, turns);
      that(turns === 1 || answer !== prompt(chat, turns), {
        seen: `${answer} tokens in ${turns} turns`,
        expected: `${sum(chat, turns)}`,
        why: "That is the last prompt alone. The server has read all the others as well.",
      });
      close(answer, sum(chat, turns), {
        absolute: 0,
        what: `prompt tokens of ${turns} turns:`,
        why: "It is the sum of the prompts from the first turn to the last.",
      });
    }
  }),

  check("All but the last prompt was read before", (lab) => {
    const readTwice = exportedFunction<OfChat>(lab, "readTwice(chat, turns)");
    const chat = drawn(lab.seed + 2);
    for (const turns of [2, 5 + (lab.seed % 30)]) {
      const answer = readTwice(chat, turns);
      const right = 1 - prompt(chat, turns) / sum(chat, turns);
      that(Math.abs(answer - 100 * right) > 1e-6, {
        seen: `${answer}`,
        expected: `${right}`,
        why: "That is the share in per cent. A share lies between 0 and 1.",
      });
      that(Math.abs(answer - (1 - right)) > 1e-9, {
        seen: `${answer} in ${turns} turns`,
        expected: `${right}`,
        why: "That is the share that is new.",
      });
      close(answer, right, {
        absolute: 1e-6,
        what: `share of the tokens of ${turns} turns that was read before:`,
        why: "Each prompt begins with the one before it, so new in all are only the tokens of the last one.",
      });
    }
  }),
];
