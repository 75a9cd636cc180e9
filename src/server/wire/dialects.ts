/**
 * How each server words its stream. One table of traits and one writer; a difference that no trait names does not exist here.
 * Shapes read in the sources of vLLM, SGLang, TGI, llama.cpp and Ollama and in the docs of OpenAI and Azure, 2026-11.
 */
export const dialectNames = ["vllm", "sglang", "tgi", "llamacpp", "ollama", "openai", "azure"] as const;
export type DialectName = (typeof dialectNames)[number];

interface Traits {
  /** Members of every event, after `model`. */
  readonly envelope: string;
  /** The delta of the event that opens the answer; null: there is none. */
  readonly role: string | null;
  /** Starts every delta. */
  readonly deltaStart: string;
  readonly reasoningField: "reasoning" | "reasoning_content";
  /** Members of a choice after its delta, before finish_reason. */
  readonly choice: string;
  /** finish_reason rides on the last token's event. */
  readonly finishOnLast: boolean;
  /** Delta of a separate finish event. */
  readonly finishDelta: string;
  /** Members of the finishing choice after finish_reason. */
  readonly finishExtra: string;
  /** Events without usage say `usage: null` when usage was asked for. */
  readonly usageNull: boolean;
  /** The usage event has an empty id. */
  readonly usageIdEmpty: boolean;
  /** An event before any token. */
  readonly preface: boolean;
}

const base: Traits = {
  envelope: "",
  role: '{"role":"assistant","content":""}',
  deltaStart: "",
  reasoningField: "reasoning_content",
  choice: "",
  finishOnLast: false,
  finishDelta: "{}",
  finishExtra: "",
  usageNull: false,
  usageIdEmpty: false,
  preface: false,
};

const traits: Readonly<Record<DialectName, Traits>> = {
  vllm: {
    ...base,
    reasoningField: "reasoning",
    choice: '"logprobs":null,',
    finishOnLast: true,
    finishExtra: ',"stop_reason":null',
  },
  sglang: { ...base, choice: '"logprobs":null,', finishDelta: '{"content":""}', finishExtra: ',"matched_stop":null' },
  tgi: {
    ...base,
    envelope: '"system_fingerprint":"3.3.7-sim",',
    role: null,
    deltaStart: '"role":"assistant",',
    choice: '"logprobs":null,',
    finishOnLast: true,
    usageIdEmpty: true,
  },
  llamacpp: { ...base, envelope: '"system_fingerprint":"b0-sim",', role: '{"role":"assistant","content":null}' },
  ollama: {
    ...base,
    envelope: '"system_fingerprint":"fp_ollama",',
    role: null,
    deltaStart: '"role":"assistant",',
    reasoningField: "reasoning",
    finishDelta: '{"role":"assistant","content":""}',
  },
  openai: {
    ...base,
    envelope: '"service_tier":"default","system_fingerprint":"fp_simulated",',
    role: '{"role":"assistant","content":"","refusal":null}',
    choice: '"logprobs":null,',
    usageNull: true,
  },
  azure: {
    ...base,
    envelope: '"system_fingerprint":"fp_simulated",',
    role: '{"role":"assistant","content":"","refusal":null}',
    choice: '"logprobs":null,"content_filter_results":{},',
    usageNull: true,
    preface: true,
  },
};

export interface Usage {
  readonly prompt: number;
  readonly completion: number;
  readonly cached: number;
  readonly reasoning: number;
}

/** `usage` as every dialect writes it. */
export function usageJson(usage: Usage): string {
  const { prompt, completion, cached, reasoning } = usage;
  const details = reasoning > 0 ? `,"completion_tokens_details":{"reasoning_tokens":${reasoning}}` : "";
  return (
    `{"prompt_tokens":${prompt},"total_tokens":${prompt + completion},"completion_tokens":${completion},` +
    `"prompt_tokens_details":{"cached_tokens":${cached}}${details}}`
  );
}

export interface StreamWriter {
  /** Leaves before any token; empty for most. */
  readonly preface: string;
  /** Leaves with the first token, or earlier; empty where the dialect has none. */
  readonly role: string;
  /** The same with what is used so far, as continuous usage has it. */
  roleWith(usage: Usage): string;
  /** An event with text. `finish` is set on the last one. */
  content(text: string, o: { reasoning: boolean; finish?: string; usage?: Usage }): string;
  /** What follows the last text event: finish where it is separate, usage, then [DONE]. */
  end(finish: string, usage: Usage | null, o: { done: boolean; timings: string }): string;
}

/** Writes one answer of `/v1/chat/completions` or `/v1/completions` as server-sent events. */
export function streamWriter(
  dialect: DialectName,
  answer: { id: string; created: number; model: string; chat: boolean; usageAsked: boolean },
): StreamWriter {
  const t = traits[dialect];
  const { chat, usageAsked } = answer;
  const object = chat ? "chat.completion.chunk" : "text_completion";
  const head = (id: string) =>
    `data: {"id":"${id}","object":"${object}","created":${answer.created},"model":${JSON.stringify(answer.model)},${t.envelope}"choices":[`;
  const start = head(answer.id);
  const zeroUsage =
    dialect === "ollama" && !chat ? usageJson({ prompt: 0, completion: 0, cached: 0, reasoning: 0 }) : null;
  const tail = (usage?: Usage) => {
    if (usage) return `],"usage":${usageJson(usage)}}\n\n`;
    if (zeroUsage) return `],"usage":${zeroUsage}}\n\n`;
    return t.usageNull && usageAsked ? '],"usage":null}\n\n' : "]}\n\n";
  };
  const plainTail = tail();
  const open = chat ? `${start}{"index":0,"delta":{${t.deltaStart}` : `${start}{"index":0,`;
  const close = `${chat ? "}" : ""},${t.choice}"finish_reason":`;
  const contentOpen = `${open}${chat ? '"content":' : '"text":'}`;
  const reasoningOpen = `${open}${chat ? `"${t.reasoningField}":` : '"text":'}`;
  const plainClose = `${close}null}${plainTail}`;
  const delta = (delta: string, finish: string | null, end = plainTail) =>
    `${start}{"index":0,"delta":${delta},${t.choice}"finish_reason":${finish === null ? "null" : `"${finish}"${t.finishExtra}`}}${end}`;

  return {
    preface: t.preface
      ? `data: {"id":"","object":"","created":0,"model":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{}}],"choices":[]}\n\n`
      : "",
    role: chat && t.role ? delta(t.role, null) : "",
    roleWith: (usage) => (chat && t.role ? delta(t.role, null, tail(usage)) : ""),
    content(text, { reasoning, finish, usage }) {
      const before = (reasoning ? reasoningOpen : contentOpen) + JSON.stringify(text);
      if (finish === undefined && usage === undefined) return before + plainClose;
      const reason = finish !== undefined && t.finishOnLast ? `"${finish}"${t.finishExtra}` : "null";
      return `${before}${close}${reason}}${usage ? tail(usage) : plainTail}`;
    },
    end(finish, usage, { done, timings }) {
      let out = "";
      const withTimings = dialect === "llamacpp" && timings !== "";
      if (!t.finishOnLast) {
        const event = chat
          ? delta(t.finishDelta, finish)
          : `${start}{"index":0,"text":"",${t.choice}"finish_reason":"${finish}"${t.finishExtra}}${plainTail}`;
        out += withTimings ? event.replace(/\}\n\n$/, `,"timings":${timings}}\n\n`) : event;
      }
      if (usage) out += `${t.usageIdEmpty ? head("") : start}],"usage":${usageJson(usage)}}\n\n`;
      return done ? `${out}data: [DONE]\n\n` : out;
    },
  };
}

/** The body of an error, as the dialect words it. */
export function errorJson(dialect: DialectName, status: number, type: string, message: string): string {
  const code = status === 404 ? "model_not_found" : status === 401 ? "invalid_api_key" : null;
  if (dialect === "tgi") return JSON.stringify({ error: message, error_type: type });
  if (dialect === "openai" || dialect === "azure")
    return JSON.stringify({ error: { message, type, param: null, code } });
  if (dialect === "llamacpp") return JSON.stringify({ error: { code: status, message, type } });
  return JSON.stringify({ error: { message, type, param: null, code: status } });
}
