/** `npm run endpoint:llama`: a real engine on this machine, over a tiny model made on the spot or a GGUF file of yours. */
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import color from "picocolors";
import { startLlamaEndpoint } from "./endpoint.ts";
import { TINY_MODEL_NAME } from "../../endpoint/tiny-model/tiny-model.ts";
import { tinyModelFile } from "./tiny-model-file.ts";

const DEFAULT_PORT = 4331;
const HELP = `Usage: npm run endpoint:llama -- [options]

  --model FILE     a GGUF file; without it a random model of 4 million parameters is made (nonsense, at real cost)
  --port N         default ${DEFAULT_PORT}
  --sequences N    requests that are batched together; default 8
  --threads N      default 1; more helps only a model that is large enough
  --context N      tokens of prompt and answer together; default 2048
  --api-key KEY    refuse requests without it
  --help           this text
`;

function fail(message: string, code: number): never {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

function read() {
  const string = { type: "string" } as const;
  const options = {
    model: string,
    port: string,
    sequences: string,
    threads: string,
    context: string,
    "api-key": string,
    help: { type: "boolean" },
  } as const;
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return fail(`${(error as Error).message}\n\n${HELP}`, 2);
  }
}

function whole(name: string, text: string | undefined, fallback: number, min: number, max: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (!Number.isInteger(value) || value < min || value > max)
    fail(`--${name} is ${text}; it must be a whole number from ${min} to ${max}`, 2);
  return value;
}

const args = read();
if (args.help) fail(HELP, 0);
const port = whole("port", args.port, DEFAULT_PORT, 0, 65535);
const sequences = whole("sequences", args.sequences, 8, 1, 64);
if (args.model !== undefined && !existsSync(args.model)) fail(`--model names ${args.model}, which does not exist`, 2);
const model = args.model ?? tinyModelFile();
const name = args.model === undefined ? TINY_MODEL_NAME : basename(model, ".gguf");

try {
  const { url } = await startLlamaEndpoint({
    model,
    name,
    port,
    sequences,
    threads: whole("threads", args.threads, 1, 1, 256),
    context: args.context === undefined ? undefined : whole("context", args.context, 2048, 64, 1_000_000),
    apiKey: args["api-key"],
  });
  process.stdout.write(`\n  ${color.bold("llama.cpp")} on the CPU, ${sequences} sequences batched\n`);
  process.stdout.write(
    `  base URL  ${color.cyan(`${url}/v1`)}\n  model     ${color.cyan(name)}\n  ${color.dim("Ctrl+C ends it.")}\n\n`,
  );
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  fail(
    code === "EADDRINUSE"
      ? `Port ${port} is taken. Choose another: npm run endpoint:llama -- --port ${port + 1}`
      : message,
    1,
  );
}
