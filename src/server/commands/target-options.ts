/** Options that name the endpoint, shared by every command that reaches one. */
import { validateHeaderName, validateHeaderValue } from "node:http";
import { Option, type Command } from "commander";
import { listModelsFromNode } from "../../endpoint/node/list-models.ts";
import { normalBaseUrl } from "../../endpoint/base-url.ts";
import { MeasureError, type EndpointTarget, type TargetPrice } from "../../endpoint/endpoint-target.ts";
import { UsageError } from "./exit-codes.ts";
import { atLeast, list } from "./read-options.ts";

export interface TargetFlags {
  baseUrl: string;
  model?: string;
  apiKey?: string;
  header?: string[];
  backend: "openai-chat" | "openai";
  insecure?: boolean;
  label?: string;
  gpuHour?: number;
  gpus?: number;
  inputPrice?: number;
  outputPrice?: number;
}

export function addTargetOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--base-url <url>", "the API's address, usually ending in /v1")
        .env("PERFLAB_BASE_URL")
        .makeOptionMandatory(),
    )
    .option("--model <name>", "the model's name (default: the first that the server lists)")
    .addOption(
      new Option(
        "--api-key <key>",
        "better given in the environment, where no shell history keeps it; without it OPENAI_API_KEY is used, where set",
      ).env("PERFLAB_API_KEY"),
    )
    .option("--header <name:value>", "an extra header, as secret as the key; may be repeated", list, [])
    .addOption(
      new Option("--backend <api>", "chat or plain completions")
        .choices(["openai-chat", "openai"])
        .default("openai-chat"),
    )
    .option("--insecure", "accept a self-signed certificate; the run says so")
    .option("--label <text>", "what the run calls the target (default: the model)")
    .option("--gpu-hour <usd>", "price of one GPU for an hour, for the cost", atLeast(0))
    .option("--gpus <n>", "GPUs behind the endpoint", atLeast(1))
    .option("--input-price <usd>", "USD per million input tokens, for the cost", atLeast(0))
    .option("--output-price <usd>", "USD per million output tokens, for the cost", atLeast(0));
}

/** Asks the server for its models when none was named. Throws MeasureError or UsageError. */
export async function targetOf(flags: TargetFlags): Promise<EndpointTarget> {
  const price = priceOf(flags);
  const target: EndpointTarget = {
    label: flags.label ?? flags.model ?? "endpoint",
    baseUrl: normalBaseUrl(flags.baseUrl),
    model: flags.model ?? "",
    api: flags.backend === "openai" ? "completions" : "chat",
    headers: headersOf(flags.header ?? []),
    ...keyOf(flags),
    ...(flags.insecure && { insecureTls: true }),
    ...(price && { price }),
  };
  if (target.model !== "") return target;
  const [model] = await listModelsFromNode(target);
  if (model === undefined)
    throw new MeasureError("model-not-found", "The server lists no model. Name one with --model.");
  return { ...target, model, label: flags.label ?? model };
}

function headersOf(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon < 1) throw new UsageError("--header must look like 'Name: value'");
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    // The value may be a secret, so only the name is said.
    checkHeader(name, value, `--header ${name}`);
    headers[name] = value;
  }
  return headers;
}

/** PERFLAB_API_KEY or --api-key, else OPENAI_API_KEY, which is said, since it may be meant for another server. */
export function keyOf(flags: Pick<TargetFlags, "apiKey" | "header">): { key?: string } {
  const own = flags.apiKey ?? "";
  const theirs = process.env["OPENAI_API_KEY"] ?? "";
  const key = own !== "" ? own : theirs;
  if (key === "" || (own === "" && (flags.header ?? []).some((line) => /^authorization\s*:/i.test(line)))) return {};
  if (own === "") process.stderr.write("using the key in OPENAI_API_KEY\n");
  checkHeader("authorization", key, own !== "" ? "the API key" : "OPENAI_API_KEY");
  return { key };
}

function checkHeader(name: string, value: string, what: string): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    throw new UsageError(`${what} can't be sent as a header: it has a character that HTTP does not allow there`);
  }
}

function priceOf(flags: TargetFlags): TargetPrice | undefined {
  if (flags.gpuHour !== undefined) return { gpuHour: flags.gpuHour, gpus: flags.gpus ?? 1 };
  if (flags.inputPrice === undefined && flags.outputPrice === undefined) return undefined;
  return { input: flags.inputPrice ?? 0, output: flags.outputPrice ?? 0 };
}
