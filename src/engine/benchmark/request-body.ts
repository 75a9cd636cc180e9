/** The JSON body of one request, in the form that the target accepts. */

export type Api = "chat" | "completions";

export interface Turn {
  readonly role: "user" | "assistant";
  readonly content: string;
}

/** Which optional fields this server takes; hosted APIs refuse a request with a field they don't know. */
export interface BodyShape {
  readonly api: Api;
  readonly stream: boolean;
  /** Ask for token counts with `stream_options`. */
  readonly includeUsage: boolean;
  /** Force the output length with `ignore_eos` and `min_tokens` (vLLM, SGLang, llama.cpp). */
  readonly lengthControl: boolean;
  readonly limitField: "max_tokens" | "max_completion_tokens";
}

/** From the most controlled to the plainest: warm-up takes the first that the server accepts. */
export function bodyShapes(api: Api, stream: boolean): readonly BodyShape[] {
  const full: BodyShape = { api, stream, includeUsage: stream, lengthControl: true, limitField: "max_tokens" };
  const plain = { ...full, lengthControl: false };
  const shapes = [full, plain];
  if (api === "chat") shapes.push({ ...plain, limitField: "max_completion_tokens" });
  if (stream) shapes.push({ ...plain, includeUsage: false });
  return shapes;
}

export function pathOf(api: Api): string {
  return api === "chat" ? "/chat/completions" : "/completions";
}

/** `extra` is merged last, so that a user can set any field. */
export function requestBody(
  shape: BodyShape,
  model: string,
  turns: readonly Turn[],
  outputTokens: number,
  extra: Readonly<Record<string, unknown>> = {},
): string {
  const prompt = shape.api === "chat" ? { messages: turns } : { prompt: turns.map((turn) => turn.content).join("\n") };
  return JSON.stringify({
    model,
    ...prompt,
    stream: shape.stream,
    ...(shape.stream && shape.includeUsage && { stream_options: { include_usage: true } }),
    [shape.limitField]: outputTokens,
    ...(shape.lengthControl && { ignore_eos: true, min_tokens: outputTokens }),
    ...extra,
  });
}
