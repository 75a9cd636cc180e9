/** The command that a server was started with: which server it is, where it then listens, and what in it spoils a measurement. */
import advice from "./start-advice.json" with { type: "json" };
import { filled, type TextFinding } from "./fill.ts";
import type { ServerName, Severity } from "./report.ts";

type Id = keyof typeof advice.findings;
type Engine = keyof typeof advice.engines;

export interface StartCommand {
  readonly server: ServerName;
  /** Where it answers, seen from the machine that it runs on; absent where it can't be told. */
  readonly baseUrl?: string;
  readonly model?: string;
  readonly findings: readonly TextFinding[];
}

const starts: readonly (readonly [Engine, RegExp])[] = [
  ["vllm", /\bvllm\s+serve\b|vllm\.entrypoints|vllm\/vllm-openai/],
  ["sglang", /sglang[./ ](launch_server|serve)|lmsysorg\/sglang|\bsglang\s+serve\b/],
  ["llamacpp", /\bllama-server\b|ggml-org\/llama\.cpp|llama_cpp\.server/],
  ["ollama", /\bollama\b/],
  ["trtllm", /\btrtllm-serve\b/],
];

const order: readonly Severity[] = ["stops", "distorts", "note", "good"];

export function readStart(text: string): StartCommand {
  const words = wordsOf(text);
  const server = starts.find(([, pattern]) => pattern.test(text))?.[0];
  if (server === undefined) return { server: "unknown", findings: [finding("not-recognised")] };
  const about = advice.engines[server];
  const options = optionsOf(words);
  const value = (...names: string[]): string | undefined =>
    names.map((name) => options.get(name)).find((v) => v !== undefined);
  const given = (...names: string[]): string | undefined => names.find((name) => options.has(name));
  const findings: TextFinding[] = [];
  const say = (id: Id, values: Readonly<Record<string, string | number>> = {}, seen?: string): void =>
    void findings.push(finding(id, { port, ...values }, seen));

  const own = Number(value("port") ?? /OLLAMA_HOST=\S*:(\d+)/.exec(text)?.[1]) || about.port;
  const container = /\b(docker|podman)\s+run\b/.test(text);
  const onHost = /--net(work)?[= ]host\b/.test(text);
  const published = publishedPort(words, own);
  const port = container && !onHost ? (published ?? own) : own;
  const host = value("host") ?? /OLLAMA_HOST=([^:\s]+)/.exec(text)?.[1];
  const alone = host === undefined ? !about.everywhere : /^(127\.|localhost$)/.test(host);

  if (container && !onHost && published === undefined) say("port-not-published");
  // Images of llama.cpp and Ollama listen everywhere by themselves.
  if (alone && container && !onHost && (host !== undefined || server === "sglang" || server === "trtllm"))
    say("loopback-in-container");
  else if (alone && !container) say("loopback");
  const secure = given("ssl-keyfile", "ssl-certfile", "ssl-key-file", "ssl-cert-file") !== undefined;
  if (secure) say("tls");
  if (given("api-key", "api-key-file") !== undefined || /\bVLLM_API_KEY=/.test(text)) {
    say("key");
    if (server === "llamacpp") say("key-and-preflight");
  }
  const origins = value("allowed-origins");
  if (origins !== undefined && !origins.includes("*")) say("origins", {}, `--allowed-origins ${origins}`);
  if (server === "ollama" && !/OLLAMA_ORIGINS=/.test(text)) say("ollama-origins");
  if (server === "trtllm") say("no-cors");
  const served = value("served-model-name", "alias", "a");
  if (served !== undefined) say("served-name", { value: served });
  const root = value("root-path");
  if (root !== undefined) say("root-path", { value: root });

  const eager = given("enforce-eager", "disable-cuda-graph");
  if (eager !== undefined) say("eager", { option: `--${eager}` });
  const debug = /\b(CUDA_LAUNCH_BLOCKING=1|VLLM_LOGGING_LEVEL=DEBUG|VLLM_TRACE_FUNCTION=1)\b/.exec(text)?.[1];
  if (debug !== undefined) say("debug", { option: debug });
  const still = given("no-cont-batching", "nocb");
  if (still !== undefined) say("static-batches", { option: `--${still}` });
  const interval = Number(value("stream-interval"));
  if (interval > 1) say("interval", { value: interval, option: "--stream-interval" });
  if (given("speculative-config", "speculative-algorithm", "model-draft", "md") !== undefined) say("speculative");
  if (given("reasoning-parser") !== undefined) say("reasoning");
  if (given("no-enable-prefix-caching", "disable-radix-cache") !== undefined) say("cache-off");
  const seats = about.seats.find((name) => options.has(name));
  if (seats !== undefined)
    say("seats", { value: options.get(seats)!, option: seats.length > 2 ? `--${seats}` : `-${seats}` });
  else if (server === "llamacpp") say("few-slots");
  const context = value("max-model-len", "context-length", "max_seq_len", "max-seq-len");
  if (context !== undefined && context !== "auto") say("context", { value: context });
  const share = value("gpu-memory-utilization", "mem-fraction-static");
  if (Number(share) > 0 && Number(share) < 0.8) say("little-memory", { value: share! });
  const budget = given("max-num-batched-tokens", "chunked-prefill-size");
  if (budget !== undefined && Number(options.get(budget)) > 0 && Number(options.get(budget)) < 2048)
    say("small-budget", { value: options.get(budget)!, option: `--${budget}` });

  const model = value("model", "model-path") ?? modelAfter(words, server);
  return {
    server,
    baseUrl: `${secure ? "https" : "http"}://127.0.0.1:${port}/v1`,
    ...((served ?? model) !== undefined && { model: served ?? model! }),
    findings: findings.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity)),
  };
}

function finding(id: Id, values: Readonly<Record<string, string | number>> = {}, seen?: string): TextFinding {
  const { severity, what, fix } = advice.findings[id];
  return {
    id,
    severity: severity as Severity,
    what: filled(what, values),
    fix: filled(fix, values),
    ...(seen !== undefined && { seen }),
  };
}

/** As a shell splits it: quotes hold together, a backslash at the end of a line joins it with the next. */
function wordsOf(text: string): string[] {
  const joined = text.replace(/\\\r?\n/g, " ");
  return [...joined.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replace(/["']/g, ""));
}

/** Options by name without dashes; an option without a value holds "". */
function optionsOf(words: readonly string[]): Map<string, string> {
  const options = new Map<string, string>();
  words.forEach((word, i) => {
    const option = /^--?([A-Za-z][\w.-]*)(?:=(.*))?$/s.exec(word);
    if (!option) return;
    const next = words[i + 1];
    const name = option[1]!.length > 1 && !word.startsWith("--") ? option[1]! : option[1]!.replaceAll("_", "-");
    const value = option[2] ?? (next !== undefined && !/^-[A-Za-z-]/.test(next) ? next : "");
    options.set(name, value);
    if (word.includes("_")) options.set(option[1]!, value);
  });
  return options;
}

/** docker run -p 8001:8000, or 127.0.0.1:8001:8000: the port outside. Undefined where `inside` is not published. */
function publishedPort(words: readonly string[], inside: number): number | undefined {
  for (const [i, word] of words.entries()) {
    const mapping = word === "-p" || word === "--publish" ? words[i + 1] : /^(?:-p|--publish=)(.+)$/.exec(word)?.[1];
    const parts = mapping?.split("/")[0]!.split(":").map(Number);
    if (parts && parts.at(-1) === inside) return parts.length > 1 ? parts.at(-2)! : inside;
  }
  return undefined;
}

/** `vllm serve MODEL`, `trtllm-serve MODEL`. */
function modelAfter(words: readonly string[], server: Engine): string | undefined {
  const at = words.findIndex((word) => (server === "vllm" ? word === "serve" : word.endsWith("trtllm-serve")));
  const next = at < 0 ? undefined : words[at + 1] === "serve" ? words[at + 2] : words[at + 1];
  return (server === "vllm" || server === "trtllm") && next !== undefined && !next.startsWith("-") ? next : undefined;
}
