/** llama.cpp on the CPU behind one call: `generate`. Several sequences share each batch; requests beyond them wait in line. */
import type { LlamaContextSequence, LlamaModel, Token } from "node-llama-cpp";
import { InputError } from "../../engine/errors.ts";
import type { CompletionRequest, Prompt } from "../wire/completion-request.ts";

export interface LlamaEngineOptions {
  readonly model: string;
  /** Requests that decode together. */
  readonly sequences: number;
  readonly threads: number;
  /** Tokens of prompt and answer together, at most. */
  readonly context?: number;
}

/** New text and how many tokens it took; a character may need several. */
export interface Piece {
  readonly text: string;
  readonly tokens: number;
}

export interface Generation {
  readonly promptTokens: number;
  /** Ends when the model ends, at max_tokens, or at a stop string; `finish()` then says which. */
  readonly pieces: AsyncIterable<Piece>;
  finish(): "stop" | "length";
}

export interface LlamaEngine {
  readonly context: number;
  readonly info: {
    readonly parameters: number;
    readonly bytes: number;
    readonly vocabulary: number;
    readonly trainContext: number;
  };
  tokenize(prompt: Prompt): number[];
  detokenize(tokens: readonly number[]): string;
  /** Throws InputError when prompt and answer do not fit. */
  generate(request: CompletionRequest, signal: AbortSignal): Generation;
  state(): { processing: number; deferred: number };
  close(): Promise<void>;
}

const DEFAULT_CONTEXT = 2048;
const DEFAULT_MAX_TOKENS = 512;

/** Throws with a sentence when there is no llama.cpp for this machine or the file is no model. */
export async function createLlamaEngine(options: LlamaEngineOptions): Promise<LlamaEngine> {
  const { getLlama, resolveChatWrapper, TokenBias } = await import("node-llama-cpp");
  const llama = await getLlama({ gpu: false, build: "never", progressLogs: false, logLevel: "error" as never }).catch(
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(
        `There is no llama.cpp binary for ${process.platform} ${process.arch} in node_modules (${reason}). ` +
          `The simulated endpoint works everywhere; any OpenAI-compatible server can be measured by its URL.`,
      );
    },
  );
  const model = await llama.loadModel({ modelPath: options.model, gpuLayers: 0 });
  const size = Math.min(options.context ?? DEFAULT_CONTEXT, model.trainContextSize);
  const context = await model.createContext({
    sequences: options.sequences,
    threads: options.threads,
    contextSize: size,
  });
  const wrapper = resolveChatWrapper(model);
  const noEnd = new TokenBias(model.tokenizer);
  for (const token of [model.tokens.eos, model.tokens.eot]) if (token !== null) noEnd.set(token, "never");
  const pool = createPool(Array.from({ length: options.sequences }, () => context.getSequence()));

  return {
    context: size,
    info: {
      parameters:
        model.fileInfo.tensorInfo?.reduce(
          (sum, t) => sum + t.dimensions.reduce<number>((a, b) => a * Number(b), 1),
          0,
        ) ?? 0,
      bytes: model.size,
      vocabulary: model.fileInfo.metadata.tokenizer?.ggml?.tokens?.length ?? 0,
      trainContext: model.trainContextSize,
    },
    tokenize,
    detokenize: (tokens) => model.detokenize(tokens as Token[]),
    generate,
    state: () => ({ processing: pool.busy(), deferred: pool.waiting() }),
    async close() {
      await context.dispose();
      await model.dispose();
      await llama.dispose();
    },
  };

  function tokenize(prompt: Prompt): Token[] {
    if (prompt.kind === "tokens") return [...prompt.ids] as Token[];
    if (prompt.kind === "text") return withStart(model.tokenize(prompt.text));
    const history = prompt.messages.map(({ role, content }) => {
      if (role === "system" || role === "developer") return { type: "system" as const, text: content };
      return role === "assistant"
        ? { type: "model" as const, response: [content] }
        : { type: "user" as const, text: content };
    });
    if (history.at(-1)?.type !== "model") history.push({ type: "model", response: [] });
    return wrapper.generateContextState({ chatHistory: history }).contextText.tokenize(model.tokenizer);
  }

  function withStart(tokens: Token[]): Token[] {
    const { bos } = model.tokens;
    return bos !== null && model.tokens.shouldPrependBosToken ? [bos, ...tokens] : tokens;
  }

  function generate(request: CompletionRequest, signal: AbortSignal): Generation {
    const prompt = tokenize(request.prompt);
    const room = size - prompt.length;
    if (prompt.length === 0) throw new InputError("prompt", "", "at least one token long");
    if (room < (request.maxTokens ?? 1))
      throw new InputError(
        "max_tokens",
        request.maxTokens ?? 1,
        `at most ${Math.max(0, room)}: the context is ${size} tokens and the prompt has ${prompt.length}`,
      );
    const limit = Math.min(room, request.maxTokens ?? DEFAULT_MAX_TOKENS);
    let finish: "stop" | "length" = "stop";
    return { promptTokens: prompt.length, pieces: pieces(), finish: () => finish };

    async function* pieces(): AsyncGenerator<Piece> {
      const sequence = await pool.take(signal);
      try {
        let count = 0;
        await sequence.clearHistory();
        const tokens = sequence.evaluate(prompt, {
          temperature: request.temperature ?? 0,
          seed: request.seed,
          tokenBias: () => (request.ignoreEos || count < request.minTokens ? noEnd : new TokenBias(model.tokenizer)),
        });
        const text = textOf(model);
        const stop = stopFinder(request.stop);
        let held = 0;
        for await (const token of tokens) {
          if (signal.aborted) return;
          count++;
          held++;
          if (count === limit) finish = "length";
          const piece = text(token, count === limit);
          if (piece === "" && count < limit) continue;
          const cut = stop(piece);
          if (cut !== null) finish = "stop";
          yield { text: cut ?? piece, tokens: held };
          held = 0;
          if (cut !== null || count === limit) return;
        }
      } finally {
        pool.give(sequence);
      }
    }
  }
}

/** Turns tokens into text, holding back those that end inside a character. */
function textOf(model: LlamaModel): (token: Token, last: boolean) => string {
  const before: Token[] = [];
  let pending: Token[] = [];
  return (token, last) => {
    pending.push(token);
    const text = model.detokenize(pending, false, before);
    if (text.endsWith("\ufffd") && !last && pending.length < 8) return "";
    before.push(...pending);
    if (before.length > 16) before.splice(0, before.length - 8);
    pending = [];
    return text;
  };
}

/** Finds stop strings across pieces. Gives the part of the piece before the stop string, null while there is none. */
function stopFinder(stops: readonly string[]): (piece: string) => string | null {
  let tail = "";
  const longest = Math.max(0, ...stops.map((s) => s.length));
  return (piece) => {
    if (longest === 0) return null;
    const seen = tail + piece;
    const at = Math.min(...stops.map((s) => seen.indexOf(s)).map((i) => (i < 0 ? Infinity : i)));
    if (at !== Infinity) return piece.slice(0, Math.max(0, at - tail.length));
    tail = seen.slice(-longest);
    return null;
  };
}

interface Pool {
  take(signal: AbortSignal): Promise<LlamaContextSequence>;
  give(sequence: LlamaContextSequence): void;
  busy(): number;
  waiting(): number;
}

/** First come, first served. A request that is given up leaves the line. */
function createPool(sequences: LlamaContextSequence[]): Pool {
  const free = [...sequences];
  const line: ((sequence: LlamaContextSequence) => void)[] = [];
  return {
    take(signal) {
      const sequence = free.pop();
      if (sequence) return Promise.resolve(sequence);
      return new Promise((resolve, reject) => {
        const turn = (given: LlamaContextSequence) => {
          signal.removeEventListener("abort", leave);
          resolve(given);
        };
        const leave = () => {
          line.splice(line.indexOf(turn), 1);
          reject(new Error("given up while waiting"));
        };
        signal.addEventListener("abort", leave, { once: true });
        line.push(turn);
      });
    },
    give(sequence) {
      const next = line.shift();
      if (next) next(sequence);
      else free.push(sequence);
    },
    busy: () => sequences.length - free.length,
    waiting: () => line.length,
  };
}
