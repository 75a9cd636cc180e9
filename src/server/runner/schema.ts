/** The bodies that the runner accepts from the page. Lengths and counts are capped; what the engine checks itself is left to it. */
import { z } from "zod";
import { HttpError } from "../http/body.ts";
import { allowed } from "../wire/zod-words.ts";

const text = (max: number) => z.string().min(1).max(max);
const seconds = z.number().positive().max(86_400);

export const targetBody = z.strictObject({
  label: text(200),
  baseUrl: text(2000),
  model: z.string().max(500),
  key: z.string().max(8000).optional(),
  headers: z.record(z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/), z.string().max(8000)).optional(),
  api: z.enum(["chat", "completions"]).optional(),
  insecureTls: z.boolean().optional(),
  price: z
    .union([
      z.strictObject({ gpuHour: z.number().min(0), gpus: z.number().positive() }),
      z.strictObject({ input: z.number().min(0), output: z.number().min(0) }),
    ])
    .optional(),
});

const options = z.strictObject({
  warmup: z.int().min(0).max(1000).optional(),
  budget: z.strictObject({ requests: z.int().positive().optional(), tokens: z.int().positive().optional() }).optional(),
  whole: z.boolean().optional(),
  extraBody: z.record(z.string(), z.unknown()).optional(),
  timeouts: z
    .strictObject({
      headers: seconds.optional(),
      stall: seconds.optional(),
      total: seconds.optional(),
      grace: seconds.optional(),
    })
    .optional(),
  record: z.enum(["chunks", "requests"]).optional(),
});

export const runId = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);

/** A workload is checked by the engine when it is unrolled; here only that it has a workload's outline. */
const workload = z.looseObject({
  arrivals: z.looseObject({ kind: text(20) }),
  prompt: z.looseObject({ kind: text(20) }),
  output: z.looseObject({ kind: text(20) }),
  requests: z.int().min(1).max(1_000_000).optional(),
  duration: seconds.optional(),
});

export const runBody = z.strictObject({ id: runId, target: targetBody, workload, options: options.default({}) });
export const targetOnlyBody = z.strictObject({ target: targetBody });
/** Without a key: forget the one that is kept. */
export const keyBody = z.strictObject({ baseUrl: text(2000), key: text(8000).optional() });
export const cancelBody = z.strictObject({ id: runId });
export const streamBody = z.strictObject({
  target: targetBody,
  prompt: z.string().max(4_000_000),
  maxTokens: z.int().min(1).max(100_000),
});

/** Throws HttpError 400 that names the field but never shows its value, which may be a key. */
export function checkBody<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new HttpError(400, `${issue.path.join(".") || "the body"} must be ${allowed(issue)}`);
}
