/** Checks a workload before anything is drawn from it: names, kinds and numbers, so that a slip is named and not ignored. */
import { InputError } from "../errors.ts";
import { checkOptions, optionsOf, checkNames, type Known, optionsNamed } from "../options.ts";
import { closed, constant, gamma, poisson, ramp } from "./arrivals.ts";
import { checkKind } from "./kind.ts";
import { checkLengths } from "./lengths.ts";
import type { Arrivals, RequestSpec, Segment, Workload } from "./types.ts";
import { within } from "../within.ts";

/** Seconds: some three thousand years. */
const LATEST = 1e11;

const workloadOptions = optionsOf<Workload>({
  arrivals: "anything",
  prompt: "anything",
  output: "anything",
  prefix: "anything",
  sessions: "anything",
  requests: "a number",
  duration: "a number",
  maxConcurrency: "a number",
  seed: "a number",
});
const prefixOptions = optionsNamed({ numbers: ["groups", "zipf"], others: ["tokens"] });
const sessionOptions = optionsNamed({ others: ["turns", "think"] });
const requestOptions = optionsOf<RequestSpec>({
  at: "a number",
  prompt: "anything",
  output: "a number",
  priority: "a number",
  cancelAfter: "a number",
});

/** Throws InputError for what no workload can be: "workload.request is not an option; did you mean requests?". */
export function checkWorkload(workload: Workload): void {
  if (typeof workload !== "object" || workload === null || Array.isArray(workload))
    throw new InputError("workload", workload, "an object such as { arrivals, prompt, output, requests }");
  checkNames("workload", workload, workloadOptions);
  checkArrivals(workload.arrivals);
  const { kind } = workload.arrivals;
  // Scripts and traces bring their own lengths; what stands in the workload describes them.
  if (kind !== "script" && kind !== "trace") {
    checkLengths("workload.prompt", workload.prompt);
    checkLengths("workload.output", workload.output);
  }
  if (workload.prefix !== undefined) {
    checkOptions("workload.prefix", workload.prefix, prefixOptions);
    checkLengths("workload.prefix.tokens", workload.prefix.tokens);
  }
  if (workload.sessions !== undefined) {
    checkOptions("workload.sessions", workload.sessions, sessionOptions);
    checkLengths("workload.sessions.turns", workload.sessions.turns);
    if (workload.sessions.think !== undefined) checkLengths("workload.sessions.think", workload.sessions.think);
  }
  const { seed, maxConcurrency } = workload;
  if (seed !== undefined && !Number.isFinite(seed)) throw new InputError("workload.seed", seed, "a number");
  if (maxConcurrency !== undefined && !(Number.isInteger(maxConcurrency) && maxConcurrency >= 1))
    throw new InputError("workload.maxConcurrency", maxConcurrency, "a whole number from 1");
}

/** A script's requests, wherever they come from: `script(…)`, a file, a form. Throws InputError naming the request and its field. */
export function checkRequests(field: string, requests: readonly RequestSpec[]): void {
  let i = 0;
  try {
    for (; i < requests.length; i++) checkRequest("", requests[i]!);
  } catch (error) {
    // Names are made for the one at fault only: all are checked before every simulation.
    checkRequest(`${field}[${i}]`, requests[i]!);
    throw error;
  }
}

function checkRequest(at: string, r: RequestSpec): void {
  checkOptions(at, r, requestOptions);
  if (!within(r.at, 0, LATEST)) throw new InputError(`${at}.at`, r.at, `seconds from 0 to ${LATEST}`);
  if (!isTokens(r.output)) throw new InputError(`${at}.output`, r.output, someTokens);
  if (typeof r.prompt === "number") {
    if (!isTokens(r.prompt)) throw new InputError(`${at}.prompt`, r.prompt, someTokens);
  } else {
    if (!Array.isArray(r.prompt) || r.prompt.length === 0)
      throw new InputError(`${at}.prompt`, r.prompt, "a token count or at least one segment");
    // Without a name of the request, none of its segments needs one either.
    r.prompt.forEach((s: Segment, k: number) => checkSegment(at === "" ? "" : `${at}.prompt[${k}]`, s));
  }
  if (r.priority !== undefined && !(Number.isInteger(r.priority) && within(r.priority, -2e9, 2e9)))
    throw new InputError(`${at}.priority`, r.priority, "a whole number");
  if (r.cancelAfter !== undefined && !within(r.cancelAfter, 0, Infinity))
    throw new InputError(`${at}.cancelAfter`, r.cancelAfter, "seconds from 0");
}

const segmentOptions = optionsOf<Segment>({ id: "anything", tokens: "a number" });

/** A segment of a prompt has a name and a length, and nothing else. */
function checkSegment(field: string, segment: Segment): void {
  checkOptions(field, segment, segmentOptions);
  if (typeof segment.id !== "string" && !Number.isFinite(segment.id))
    throw new InputError(`${field}.id`, segment.id, "a text or a number: equal leading segments share KV blocks");
  if (!isTokens(segment.tokens)) throw new InputError(`${field}.tokens`, segment.tokens, someTokens);
}

const someTokens = "a whole number from 1 to 1e9";

function isTokens(value: number): boolean {
  return Number.isInteger(value) && within(value, 1, 1e9);
}

const arrivalKinds: Readonly<Record<Arrivals["kind"], Known>> = {
  poisson: optionsNamed({ numbers: ["rate"], others: ["kind"] }),
  gamma: optionsNamed({ numbers: ["rate", "burstiness"], others: ["kind"] }),
  constant: optionsNamed({ numbers: ["rate"], others: ["kind"] }),
  ramp: optionsNamed({ numbers: ["from", "to", "seconds"], others: ["kind"] }),
  burst: optionsNamed({ others: ["kind"] }),
  closed: optionsNamed({ numbers: ["users"], others: ["kind", "thinkTime"] }),
  script: optionsNamed({ others: ["kind", "requests"] }),
  trace: optionsNamed({ others: ["kind", "name"] }),
};

function checkArrivals(arrivals: Arrivals): void {
  checkKind("workload.arrivals", arrivals, arrivalKinds, "arrivals such as poisson(4), closed(8) or burst()");
  // The constructors hold the rules for their numbers.
  if (arrivals.kind === "poisson") poisson(arrivals.rate);
  else if (arrivals.kind === "gamma") gamma(arrivals.rate, arrivals.burstiness);
  else if (arrivals.kind === "constant") constant(arrivals.rate);
  else if (arrivals.kind === "ramp") ramp(arrivals.from, arrivals.to, arrivals.seconds);
  else if (arrivals.kind === "closed") {
    closed(arrivals.users);
    if (arrivals.thinkTime !== undefined) checkLengths("workload.arrivals.thinkTime", arrivals.thinkTime);
  } else if (arrivals.kind === "script") {
    if (!Array.isArray(arrivals.requests))
      throw new InputError("workload.arrivals.requests", arrivals.requests, "a list; script(requests) makes one");
    checkRequests("workload.arrivals.requests", arrivals.requests);
  }
}
