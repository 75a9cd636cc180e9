/** Checks a workload before anything is drawn from it: names, kinds and numbers, so that a slip is named and not ignored. */
import { InputError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { checkOptions, optionsOf, checkNames, type Known, optionsNamed } from "../options.ts";
import { closed, constant, gamma, poisson, ramp } from "./arrivals.ts";
import { clamp, exponential, fixed, lognormal, uniform } from "./lengths.ts";
import type { Arrivals, Lengths, RequestSpec, Segment, Workload } from "./types.ts";

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

/** Throws InputError for a request of a script with a name that requests don't have. */
export function checkRequestNames(field: string, request: RequestSpec): void {
  checkOptions(field, request, requestOptions);
}

const segmentOptions = optionsOf<Segment>({ id: "anything", tokens: "a number" });

/** Throws InputError for a segment of a prompt without a name, or with more than a name and a length. */
export function checkSegment(field: string, segment: Segment): void {
  checkOptions(field, segment, segmentOptions);
  if (typeof segment.id !== "string" && !Number.isFinite(segment.id))
    throw new InputError(`${field}.id`, segment.id, "a text or a number: equal leading segments share KV blocks");
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
  } else if (arrivals.kind === "script" && !Array.isArray(arrivals.requests))
    throw new InputError("workload.arrivals.requests", arrivals.requests, "a list; script(requests) makes one");
}

const lengthKinds: Readonly<Record<Lengths["kind"], Known>> = {
  fixed: optionsNamed({ numbers: ["value"], others: ["kind"] }),
  uniform: optionsNamed({ numbers: ["min", "max"], others: ["kind"] }),
  exponential: optionsNamed({ numbers: ["mean"], others: ["kind"] }),
  lognormal: optionsNamed({ numbers: ["median", "sigma"], others: ["kind"] }),
  empirical: optionsNamed({ others: ["kind", "values"] }),
  clamp: optionsNamed({ numbers: ["min", "max"], others: ["kind", "of"] }),
};
/** Clamps of clamps; deeper ones are a cycle. */
const MOST_NESTED = 32;

/** Throws InputError for anything but lengths; a bare number is told of `fixed`. */
export function checkLengths(field: string, lengths: Lengths, depth = 0): void {
  const example = typeof lengths === "number" ? `lengths: fixed(${lengths as number})` : "lengths such as fixed(512)";
  checkKind(field, lengths, lengthKinds, example);
  if (depth > MOST_NESTED)
    throw new InputError(field, "a clamp of a clamp of …", `nested at most ${MOST_NESTED} times`);
  if (lengths.kind === "fixed") fixed(lengths.value);
  else if (lengths.kind === "uniform") uniform(lengths.min, lengths.max);
  else if (lengths.kind === "exponential") exponential(lengths.mean);
  else if (lengths.kind === "lognormal") lognormal({ median: lengths.median, sigma: lengths.sigma });
  else if (lengths.kind === "empirical") {
    if (!(lengths.values?.length > 0)) throw new InputError(`${field}.values`, lengths.values, "at least one number");
  } else {
    checkLengths(`${field}.of`, lengths.of, depth + 1);
    clamp(lengths.of, lengths.min, lengths.max);
  }
}

function checkKind(
  field: string,
  given: { readonly kind: string },
  kinds: Readonly<Record<string, Known>>,
  example: string,
): void {
  if (typeof given !== "object" || given === null || !("kind" in given)) throw new InputError(field, given, example);
  const { kind } = given;
  if (typeof kind !== "string" || !Object.hasOwn(kinds, kind)) {
    const near = typeof kind === "string" ? nearest(kind, Object.keys(kinds), 1) : [];
    const meant = near.length > 0 ? `; did you mean ${near[0]}?` : "";
    throw new InputError(`${field}.kind`, kind, `one of ${Object.keys(kinds).join(", ")}${meant}`);
  }
  checkNames(field, given, kinds[kind]!);
}
