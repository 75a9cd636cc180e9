/** What the simulated endpoint can be told to do, at the start or while it runs: checked, with defaults and docs in one place. */
import { z } from "zod";
import { check } from "../wire/check.ts";
import { dialectNames } from "../wire/dialects.ts";

export const faultKinds = [
  /** 429 with Retry-After. */
  "tooManyRequests",
  /** 500. */
  "serverError",
  /** 503, as while a model loads. */
  "loading",
  /** An error object under status 200, before any token. */
  "errorIn200",
  /** Headers come only after `seconds`. */
  "slowHeaders",
  /** One JSON answer although a stream was asked for. */
  "notStreaming",
  /** After `after` tokens: TCP reset. */
  "reset",
  /** After `after` tokens: the connection closes in the middle of the body. */
  "cut",
  /** After `after` tokens: silence for `seconds`, then the rest at once. */
  "stall",
  /** After `after` tokens: the body ends inside a character. */
  "truncatedUtf8",
  /** After `after` tokens: an error event, then [DONE], as vLLM does. */
  "errorMidStream",
  /** The stream ends well but for its [DONE]. */
  "noDone",
] as const;

const fault = z.strictObject({
  kind: z.enum(faultKinds),
  /** Share of requests it hits. */
  rate: z.number().min(0).max(1).default(1),
  /** Only the first so many requests. */
  first: z.int().min(1).optional(),
  /** Only requests that arrive between these, in seconds since the endpoint started. */
  from: z.number().min(0).optional(),
  until: z.number().min(0).optional(),
  after: z.int().min(0).default(3),
  seconds: z.number().min(0).default(1),
});
export type Fault = z.infer<typeof fault>;

const behaviour = z.strictObject({
  /** Whose wire format to speak. */
  dialect: z.enum(dialectNames).default("vllm"),
  /** Length of an answer that nothing else limits: lognormal. */
  answer: z
    .strictObject({ median: z.number().min(1).max(100_000), sigma: z.number().min(0).max(2) })
    .default({ median: 100, sigma: 0.5 }),
  /** The first so many tokens of each answer are reasoning. */
  reasoningTokens: z.int().min(0).max(100_000).default(0),
  /** Tokens held back until so many make one event, as a detokenizer or an output parser does. */
  tokensPerChunk: z.int().min(1).max(1000).default(1),
  /** Events gathered into one write: after so many, or `flushAfter` seconds after the first. */
  coalesce: z
    .strictObject({ chunks: z.int().min(1), flushAfter: z.number().min(0) })
    .nullable()
    .default(null),
  /** Seconds between comment lines on open streams. */
  pingEvery: z.number().min(0.01).nullable().default(null),
  /** The role chunk leaves with the headers, before the prefill. */
  earlyRole: z.boolean().default(false),
  /** Whether usage is reported at all. */
  usage: z.boolean().default(true),
  faults: z.array(fault).default([]),
});
export type Behaviour = z.infer<typeof behaviour>;
export type BehaviourInput = z.input<typeof behaviour>;

/** Fills in defaults. Throws InputError naming the first bad field. */
export function checkBehaviour(input: unknown): Behaviour {
  return check(behaviour, input);
}

/** One fault as a header says it: `reset;after=5;seconds=2`. */
export function parseFault(header: string): Fault {
  const [kind, ...settings] = header.split(";").map((part) => part.trim());
  const numbers = settings.map((setting) => {
    const [name, value] = setting.split("=");
    return [name?.trim(), Number(value)] as const;
  });
  return check(fault, { kind, ...Object.fromEntries(numbers) });
}
