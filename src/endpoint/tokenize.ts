/** Asks the server's own tokenizer how long a prompt is, where it offers one: vLLM's `/tokenize`, which also applies the chat template. */
import type { Api } from "../engine/benchmark/request-body.ts";
import { serverUrl } from "./base-url.ts";

/** Answers a POST to the URL; rejects or gives another status where there is no such path. */
export type SmallPost = (url: URL, body: string) => Promise<{ readonly status: number; readonly body: string }>;

/** Tokens of one prompt, template included; undefined where the server can't say. */
export async function countTokens(
  post: SmallPost,
  baseUrl: string,
  model: string,
  api: Api,
  content: string,
): Promise<number | undefined> {
  const prompt = api === "chat" ? { messages: [{ role: "user", content }] } : { prompt: content };
  try {
    const answer = await post(serverUrl(baseUrl, "/tokenize"), JSON.stringify({ model, ...prompt }));
    const said = answer.status === 200 ? (JSON.parse(answer.body) as { count?: unknown } | null) : null;
    return typeof said?.count === "number" && said.count > 0 ? said.count : undefined;
  } catch {
    return undefined;
  }
}
