/** `npm run conformance -- TARGET_URL [MODEL]`: what a measurement needs of an OpenAI-compatible endpoint, checked one by one. Key: PERFLAB_API_KEY. */
import color from "picocolors";
import { bodyShapes, pathOf, requestBody, type BodyShape } from "../src/engine/benchmark/request-body.ts";
import { exchange, type Answer } from "../src/engine/benchmark/exchange.ts";
import { statuses } from "../src/engine/run.ts";
import { normalBaseUrl } from "../src/endpoint/base-url.ts";
import type { EndpointTarget } from "../src/endpoint/endpoint-target.ts";
import { httpTransport } from "../src/endpoint/node/http-transport.ts";
import { listModelsFromNode } from "../src/endpoint/node/list-models.ts";
import { measureFromNode } from "../src/endpoint/node/measure-from-node.ts";
import { nodeClock } from "../src/endpoint/node/node-clock.ts";

const [url, named] = process.argv.slice(2);
if (url === undefined || url.startsWith("-")) {
  process.stderr.write("Usage: npm run conformance -- TARGET_URL [MODEL]\n");
  process.exit(2);
}

const TIMEOUT = 120;
const TOKENS = 12;
const key = process.env.PERFLAB_API_KEY;
const bare: EndpointTarget = {
  label: "target",
  baseUrl: normalBaseUrl(url),
  model: "",
  ...(key !== undefined && { key }),
};
let failed = 0;
let shape: BodyShape | undefined;

function must(condition: boolean, seen: string): void {
  if (!condition) throw new Error(seen);
}

/** `optional`: good to have, but a server without it can be measured. */
async function rule(name: string, check: () => Promise<string | void>, optional = false): Promise<void> {
  try {
    const note = await check();
    process.stdout.write(`${color.green("pass")}  ${name}${note ? color.dim(`  ${note}`) : ""}\n`);
  } catch (error) {
    if (!optional) failed++;
    process.stdout.write(
      `${optional ? color.yellow("lack") : color.red("FAIL")}  ${name}: ${(error as Error).message}\n`,
    );
  }
}

const models = await listModelsFromNode(bare).catch((error: Error) => error);
await rule("GET /models lists at least one model", async () => {
  if (models instanceof Error) throw models;
  must(models.length > 0, "the list is empty");
  return models.slice(0, 3).join(", ");
});
const target = { ...bare, model: named ?? (models instanceof Error ? "" : (models[0] ?? "")) };
const transport = httpTransport(target);

function ask(
  form: BodyShape,
  content: string,
  options: { model?: string; onChunk?: (t: number, tokens: number, kind: number) => void; tokens?: number } = {},
): Promise<Answer> {
  const body = requestBody(form, options.model ?? target.model, [{ role: "user", content }], options.tokens ?? TOKENS);
  return exchange(transport, nodeClock, undefined, { path: pathOf(form.api), body }, TIMEOUT, {
    whole: !form.stream,
    ...(options.onChunk && { onChunk: options.onChunk }),
  });
}

for (const api of ["chat", "completions"] as const) {
  await rule(
    `${api}: a stream ends well, with tokens in order`,
    async () => {
      const times: number[] = [];
      for (const form of bodyShapes(api, true)) {
        times.length = 0;
        const { failure, reader } = await ask(form, "Count to ten.", {
          onChunk: (t, tokens) => void (tokens > 0 && times.push(t)),
        });
        if (reader.status === 400 || reader.status === 422) continue;
        must(failure === undefined, failure?.message ?? "");
        must(!reader.whole, "one whole answer came instead of a stream");
        must(times.length > 1, `only ${times.length} token event came`);
        must(
          times.every((t, i) => i === 0 || t >= times[i - 1]!),
          "times go back",
        );
        shape ??= form;
        return `${times.length} token events`;
      }
      throw new Error("every form of the request was refused with 400 or 422");
    },
    api === "completions",
  );
}

if (shape) {
  const form = shape;
  await rule("usage is reported in the stream", async () => {
    const { reader } = await ask(form, "Say something.");
    must(reader.usageSeen, "no usage came: chunks will be counted instead");
    must(reader.usage.output <= TOKENS, `${reader.usage.output} tokens came though ${TOKENS} were the limit`);
    must(
      reader.usage.output >= reader.tokenChunks - 1,
      `usage says ${reader.usage.output} tokens, but ${reader.tokenChunks} token events came`,
    );
    return `${reader.usage.prompt} in, ${reader.usage.output} out`;
  });
  await rule("a longer prompt counts more tokens", async () => {
    const short = await ask(form, "word");
    const long = await ask(form, Array(200).fill("word").join(" "));
    must(
      long.reader.usage.prompt > short.reader.usage.prompt + 50,
      `${short.reader.usage.prompt}, then ${long.reader.usage.prompt}`,
    );
  });
  await rule(
    "the stream ends with [DONE]",
    async () => must((await ask(form, "Hello.")).reader.done, "it did not"),
    true,
  );
  await rule(
    "ignore_eos fixes the answer's length",
    async () => {
      const { reader } = await ask({ ...form, lengthControl: true }, "Say only: hi.", { tokens: 40 });
      must(reader.usage.output === 40, `${reader.usage.output} tokens instead of 40`);
    },
    true,
  );
  await rule("a whole answer has text and usage", async () => {
    const { reader, failure } = await ask({ ...form, stream: false, includeUsage: false }, "Hello.");
    must(failure === undefined, failure?.message ?? "");
    must(reader.usage.output > 0, "no usage came");
  });
  await rule(
    "an unknown model is refused with 4xx",
    async () => {
      const { reader } = await ask(form, "Hello.", { model: "no-such-model-perflab" });
      must(reader.status >= 400 && reader.status < 500, `the status was ${reader.status}`);
    },
    true,
  );
  await rule("eight requests at once all succeed, every one accounted for", async () => {
    const run = await measureFromNode(
      target,
      {
        arrivals: { kind: "burst" },
        prompt: { kind: "fixed", value: 60 },
        output: { kind: "fixed", value: TOKENS },
        requests: 8,
      },
      { warmup: 2 },
    );
    const bad = [...run.requests.status].filter((status) => statuses[status] !== "succeeded").length;
    must(bad === 0, `${bad} failed: ${run.failures?.[0]?.message ?? ""}`);
    const server = run.measurement?.server;
    const sum = run.requests.outputTokens.reduce((total, n) => total + n, 0);
    if (server?.generatedTokens === undefined) return "no server metrics to compare with";
    must(
      server.generatedTokens === sum,
      `the server generated ${server.generatedTokens} tokens, its usage adds up to ${sum}`,
    );
    return `the server's own counter agrees: ${sum} tokens`;
  });
  await rule("closing the connection in the middle ends the answer, and the next request works", async () => {
    const stop = new AbortController();
    const body = requestBody(form, target.model, [{ role: "user", content: "Tell a long story." }], 200);
    await exchange(transport, nodeClock, stop.signal, { path: pathOf(form.api), body }, TIMEOUT, {
      onChunk: () => stop.abort(),
    });
    const { failure } = await ask(form, "Hello.");
    must(failure === undefined, failure?.message ?? "");
  });
}

transport.close();
process.stdout.write(
  failed === 0
    ? color.green("\nThis endpoint can be measured.\n")
    : color.red(`\n${failed} of the rules that a measurement needs failed.\n`),
);
process.exit(failed === 0 ? 0 : 1);
