/** What the doctor found: one finding a question, and the first that stops a measurement. */

/** Everything the doctor can tell apart. */
export type FindingId =
  | "ok"
  | "bad-url"
  | "dns"
  | "refused"
  | "unreachable"
  | "tls"
  | "not-http"
  | "mixed-content"
  | "local-network-denied"
  | "cors"
  | "redirect"
  | "unauthorised"
  | "not-an-api"
  | "loading"
  | "model-not-found"
  | "rejected"
  | "rate-limited"
  | "not-streaming"
  | "buffered"
  | "no-usage"
  | "no-length-control"
  | "failed-answer"
  | "hidden-tokens"
  | "several-tokens"
  | "request-id-refused"
  | "proxy"
  | "proxy-ignored"
  | "warm-cache";

/** stops: no measurement is possible; distorts: one is, but its figures mislead; note: good to know. */
export type Severity = "stops" | "distorts" | "note" | "good";

export interface Finding {
  readonly id: FindingId;
  readonly severity: Severity;
  /** One sentence: what is the case. */
  readonly what: string;
  /** What to do about it, for the server that was recognised. */
  readonly fix: string;
  /** What was seen, for whoever doubts it. */
  readonly seen?: string;
}

export interface DoctorReport {
  /** The serving engine, where it could be recognised. */
  readonly server: ServerName;
  readonly model: string;
  readonly models: readonly string[];
  readonly findings: readonly Finding[];
  /** No finding stops a measurement. */
  readonly usable: boolean;
}

export type ServerName =
  "vllm" | "sglang" | "llamacpp" | "ollama" | "trtllm" | "nim" | "tgi" | "hosted" | "simulated" | "unknown";
