/** Whether the simulated endpoint can take a request, and how long an answer it will get. */
import { InputError } from "../../engine/errors.ts";
import { hashWord, Random } from "../../engine/random.ts";
import { HttpError } from "../http/body.ts";
import type { CompletionRequest } from "../wire/completion-request.ts";
import { answerText, type AnswerText } from "./answer-text.ts";
import type { Behaviour } from "./behaviour.ts";
import { promptBlocks } from "./prompt-blocks.ts";

/** What is needed to serve a request; `key` sets apart requests that bring no seed. Throws InputError or HttpError when it can't be served. */
export function admitted(request: CompletionRequest, context: number, behaviour: Behaviour, seed: number, key: number) {
  const prompt = promptBlocks(request.prompt);
  if (prompt.tokens === 0) throw new InputError("prompt", "", "at least one token long");
  const room = context - prompt.tokens;
  const wanted = Math.max(1, request.maxTokens ?? 1);
  if (room < wanted)
    throw new HttpError(
      400,
      `the model's context is ${context} tokens, but ${prompt.tokens + wanted} were asked for ` +
        `(${prompt.tokens} of prompt and ${wanted} of output): shorten one of them`,
    );
  const textSeed = request.seed === undefined ? hashWord(seed, key) : hashWord(request.seed, prompt.tokens);
  return { prompt, text: answerFor(request, behaviour, textSeed, room) };
}

/** Length and words of an answer: as long as max_tokens under ignore_eos, else drawn by the seed. */
function answerFor(request: CompletionRequest, behaviour: Behaviour, textSeed: number, room: number): AnswerText {
  const limit = Math.min(room, request.maxTokens ?? room);
  const { median, sigma } = behaviour.answer;
  const natural = request.ignoreEos ? limit : Math.round(new Random(textSeed).lognormal(median, sigma));
  const wanted = Math.max(1, request.minTokens, natural + behaviour.reasoningTokens * (request.ignoreEos ? 0 : 1));
  return answerText(textSeed, Math.min(limit, wanted), wanted >= limit ? "length" : "stop", request.stop);
}
