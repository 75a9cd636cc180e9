import { kvBytes, model } from "perflab";
import { check, close, exportedFunction, that } from "perflab/checks";
import { configs, type Config } from "./configs.ts";

type PerToken = (config: Config, bytes: number) => number;
type Cache = (config: Config, context: number, bytes: number) => number;

function configOf(name: string): Config {
  const config = configs.find((candidate) => candidate.name === name);
  if (config === undefined) throw new Error(`configs.ts has no ${name}`);
  return config;
}

/** A model that nobody has built. */
function madeUp(seed: number): Config {
  const kvHeads = 2 + (seed % 7);
  return {
    name: "a made-up model",
    layers: 20 + (seed % 41),
    heads: kvHeads * (2 + (seed % 5)),
    kvHeads,
    headDim: 64 + 16 * (seed % 6),
  };
}

export default [
  check("Llama-3.1-8B caches 131,072 bytes a token", (lab) => {
    const bytesPerToken = exportedFunction<PerToken>(lab, "bytesPerToken(config, bytes)");
    for (const config of [configOf("Llama-3.1-8B"), madeUp(lab.seed)]) {
      const { name, layers, heads, kvHeads, headDim } = config;
      const answer = bytesPerToken(config, 2);
      const right = 2 * layers * kvHeads * headDim * 2;
      const seen = `${answer} bytes for ${name}`;
      that(answer !== 2 * layers * heads * headDim * 2, {
        seen,
        expected: `${right}`,
        why: `This caches all ${heads} attention heads. They share ${kvHeads} heads of K and V, and only those are cached.`,
        hint: "Look at configs.ts for the two kinds of head.",
      });
      that(answer !== right / 2, {
        seen,
        expected: `${right}`,
        why: "That is one of K and V. Both are cached.",
        hint: "Twice kvHeads · headDim numbers a layer.",
      });
      close(answer, right, {
        absolute: 0,
        what: `bytes per token of ${name}:`,
        why: "2 · layers · kvHeads · headDim numbers, each of 2 bytes.",
      });
    }
  }),

  check("Half the bytes in fp8", (lab) => {
    const bytesPerToken = exportedFunction<PerToken>(lab, "bytesPerToken(config, bytes)");
    const config = madeUp(lab.seed + 3);
    close(bytesPerToken(config, 1), 2 * config.layers * config.kvHeads * config.headDim, {
      absolute: 0,
      what: "bytes per token with numbers of 1 byte:",
      why: "The size of one number is given as bytes; it is not always 2.",
    });
  }),

  check("A latent is cached once: 70,272 bytes for DeepSeek-V3", (lab) => {
    const bytesPerToken = exportedFunction<PerToken>(lab, "bytesPerToken(config, bytes)");
    const drawn = { latent: 256 + 32 * (lab.seed % 9), rope: 32 + 16 * (lab.seed % 4) };
    for (const config of [
      configOf("DeepSeek-V3"),
      { ...configOf("DeepSeek-V3"), name: "a latent of its own", mla: drawn },
    ]) {
      const { name, layers, mla = drawn } = config;
      const answer = bytesPerToken(config, 2);
      const right = layers * (mla.latent + mla.rope) * 2;
      const seen = `${answer} bytes for ${name}`;
      that(answer !== 2 * right, {
        seen,
        expected: `${right}`,
        why: "K and V are rebuilt from one latent, so there is no second one to cache.",
      });
      that(answer !== layers * mla.latent * 2, {
        seen,
        expected: `${right}`,
        why: `The ${mla.rope} numbers for positions are missing; they are cached beside the latent.`,
        hint: "mla.latent + mla.rope.",
      });
      close(answer, right, {
        absolute: 0,
        what: `bytes per token of ${name}:`,
        why: "With mla a layer caches latent + rope numbers a token, whatever its heads.",
        hint: "Ask for config.mla first.",
      });
    }
  }),

  check("Windows do not grow: 36,864 bytes a token for gpt-oss-120b", (lab) => {
    const bytesPerToken = exportedFunction<PerToken>(lab, "bytesPerToken(config, bytes)");
    const windowed = {
      ...madeUp(lab.seed),
      name: "a model with windows",
      window: { layers: 5 + (lab.seed % 13), tokens: 512 },
    };
    for (const config of [configOf("gpt-oss-120b"), windowed]) {
      const { name, layers, kvHeads, headDim, window = windowed.window } = config;
      close(bytesPerToken(config, 2), (layers - window.layers) * 2 * kvHeads * headDim * 2, {
        absolute: 0,
        what: `bytes per token of ${name}, once its windows are full:`,
        why: `${window.layers} of its ${layers} layers drop a token for each that comes.`,
        hint: "Count only the layers without a window.",
      });
    }
  }),

  check("A chat holds its windows too: 4,718,592 bytes in gpt-oss-120b", (lab) => {
    const cacheBytes = exportedFunction<Cache>(lab, "cacheBytes(config, context, bytes)");
    const config = configOf("gpt-oss-120b");
    const long = 200 + (lab.seed % 60_000);
    const short = 1 + (lab.seed % 127);
    for (const context of [long, short, 128]) {
      const answer = cacheBytes(config, context, 2);
      const right = kvBytes(model("gpt-oss-120b"), context);
      const seen = `${answer} bytes for ${context} tokens`;
      const growing = 18 * context * 2 * 8 * 64 * 2;
      that(answer !== growing, {
        seen,
        expected: `${right}`,
        why: `This leaves the 18 windowed layers empty. They hold ${Math.min(context, 128)} tokens each.`,
        hint: "Add their part to what grows.",
      });
      that(context >= 128 || answer !== growing + 4_718_592, {
        seen,
        expected: `${right}`,
        why: "A window can't hold more tokens than the chat has.",
        hint: "Math.min(context, window.tokens).",
      });
      close(answer, right, {
        absolute: 0,
        what: `bytes of a chat of ${context} tokens:`,
        why: "18 layers hold all tokens, 18 hold the last 128 at most.",
      });
    }
  }),

  check("The ledger agrees with the engine for every kind of model", (lab) => {
    const cacheBytes = exportedFunction<Cache>(lab, "cacheBytes(config, context, bytes)");
    const context = 1 + (lab.seed % 2000);
    for (const [name, id] of [
      ["Llama-2-7B", "llama-2-7b"],
      ["Qwen3-4B", "qwen3-4b"],
      ["Llama-3.1-405B", "llama-3.1-405b"],
      ["DeepSeek-V3", "deepseek-v3"],
      ["gpt-oss-120b", "gpt-oss-120b"],
    ] as const) {
      close(cacheBytes(configOf(name), context, 2), kvBytes(model(id), context), {
        absolute: 0,
        what: `bytes of a chat of ${context} tokens with ${name}:`,
        why: "Layers that grow hold every token, windowed ones the last few.",
        hint: "The checks above say which part is wrong.",
      });
    }
  }),
];
