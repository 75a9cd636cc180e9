/** Reads our own file of a Run line by line. */
import { InputError } from "../../errors.ts";
import { statuses, tokenSources, type ChunkColumns, type Run } from "../../run.ts";
import { Growing } from "./growing.ts";
import { array, count, finite, object, time, type Json } from "./parse.ts";

export const FORMAT = "perflab-run";
export const VERSION = 1;
/** Typed arrays that the line about the run may hold. */
export const arrays = { Float64Array, Uint32Array, Uint16Array, Uint8Array, Int32Array };

/** A run put together line by line, so that a file need not be in memory as text. Throws InputError, naming the field at fault. */
export class KeptRun {
  readonly #head: Json;
  #about: Omit<Run, "requests"> | undefined;
  readonly #times = timeNames.map(() => new Growing(Float64Array));
  readonly #counts = countNames.map(() => new Growing(Uint32Array));
  readonly #small = smallNames.map(() => new Growing(Uint16Array));
  readonly #source = new Growing(Uint8Array);
  readonly #inSource = new Growing(Uint8Array);
  readonly #visible = new Growing(Uint32Array);
  readonly #status = new Growing(Uint8Array);
  readonly #chunks: ChunkRows | undefined;
  readonly #from: number;
  #hasInSource = false;
  #hasVisible = false;

  /** `head`: the line about the run. `before`: the part whose last line the first that will be added follows. */
  constructor(head: Json | undefined, before?: KeptRun) {
    this.#from = before ? before.#from + before.count : 0;
    // Unpacked once: it holds columns of all rows.
    this.#about = before?.about;
    if (head?.["format"] !== FORMAT) throw new InputError("format", head?.["format"], `"${FORMAT}"`);
    if (head["version"] !== VERSION)
      throw new InputError("version", head["version"], `${VERSION}, the only one so far`);
    this.#head = head;
    if (head["chunks"] === true) this.#chunks = new ChunkRows();
  }

  /** Empty, for the requests that follow these. */
  next(): KeptRun {
    return new KeptRun(this.#head, this);
  }

  /** What is not per request. */
  get about(): Omit<Run, "requests"> {
    if (!this.#about) {
      this.#about = unpackArrays(object(this.#head["run"], "run")) as unknown as Omit<Run, "requests">;
      checkHead(this.#about as unknown as Json);
    }
    return this.#about;
  }

  /** Requests so far. */
  get count(): number {
    return this.#status.length;
  }

  add(row: Json): void {
    const i = this.count;
    const at = (name: string) => `${name} of request ${i}`;
    const tokens = object(row["tokens"], at("tokens"));
    if (i === 0) {
      this.#hasInSource = tokens["in_source"] !== undefined;
      this.#hasVisible = tokens["visible"] !== undefined;
    }
    timeNames.forEach((name, k) => this.#times[k]!.push(time(row[name], at(name))));
    countNames.forEach((name, k) => this.#counts[k]!.push(count(tokens[name], at(`tokens.${name}`))));
    smallNames.forEach((name, k) => this.#small[k]!.push(count(row[name], at(name))));
    this.#source.push(indexIn(tokenSources, tokens["source"], at("tokens.source")));
    if (this.#hasInSource) this.#inSource.push(indexIn(tokenSources, tokens["in_source"], at("tokens.in_source")));
    if (this.#hasVisible) this.#visible.push(count(tokens["visible"], at("tokens.visible")));
    this.#status.push(indexIn(statuses, row["status"], at("status")));
    this.#chunks?.add(i, row["chunks"]);
  }

  /** The whole run; InputError where lines are missing. */
  run(): Run {
    if (this.#head["requests"] !== this.count)
      throw new InputError(
        "the number of request lines",
        this.count,
        `${String(this.#head["requests"])}, as the first line says`,
      );
    return this.part();
  }

  /** The requests so far, as if they were all; chunks are kept request by request where they are not all there. */
  part(): Run {
    const about = this.#head["requests"] === this.count ? this.about : ofRows(this.about, this.#from, this.count);
    const [scheduled, started, headers, firstEvent, first, last, closed] = this.#times.map((c) => c.taken());
    const [promptTokens, outputTokens, cachedTokens] = this.#counts.map((c) => c.taken());
    const [preemptions, replica] = this.#small.map((c) => c.taken());
    return {
      ...about,
      requests: {
        count: this.count,
        scheduled: scheduled!,
        started: started!,
        headers: headers!,
        firstEvent: firstEvent!,
        first: first!,
        last: last!,
        closed: closed!,
        promptTokens: promptTokens!,
        cachedTokens: cachedTokens!,
        outputTokens: outputTokens!,
        tokenSource: this.#source.taken(),
        ...(this.#hasInSource && { promptSource: this.#inSource.taken() }),
        ...(this.#hasVisible && { visibleTokens: this.#visible.taken() }),
        status: this.#status.taken(),
        preemptions: preemptions!,
        replica: replica!,
      },
      ...(this.#chunks && {
        chunks: this.#head["requests"] === this.count ? this.#chunks.inPlace() : this.#chunks.asRead(),
      }),
    };
  }
}

/** What is said of the whole, with the columns of some of its rows. */
function ofRows(about: Omit<Run, "requests">, from: number, count: number): Omit<Run, "requests"> {
  const { measurement: whole, failures } = about;
  const to = from + count;
  const measurement = whole && {
    ...whole,
    askedPromptTokens: whole.askedPromptTokens.subarray(from, to),
    askedOutputTokens: whole.askedOutputTokens.subarray(from, to),
    ...(whole.rows && { rows: whole.rows.subarray(from, to) }),
  };
  const own = failures?.filter(({ request }) => request >= from && request < to);
  return {
    ...about,
    ...(measurement && { measurement }),
    ...(own && { failures: own.map((failure) => ({ ...failure, request: failure.request - from })) }),
  };
}

const timeNames = ["scheduled", "started", "headers", "first_event", "first", "last", "closed"];
const countNames = ["in", "out", "cached"];
const smallNames = ["preemptions", "replica"];

/** The chunks of a file's requests, and the place of each in the run's own order. */
class ChunkRows {
  readonly #t = new Growing(Float64Array);
  readonly #request = new Growing(Uint32Array);
  readonly #tokens = new Growing(Uint16Array);
  readonly #kind = new Growing(Uint16Array);
  readonly #place = new Growing(Uint32Array);

  add(i: number, chunks: unknown): void {
    for (const value of array(chunks, `chunks of request ${i}`)) {
      const chunk = array(value, `a chunk of request ${i}`);
      this.#t.push(finite(chunk[0], `the time of a chunk of request ${i}`));
      this.#request.push(i);
      this.#tokens.push(count(chunk[1], `the tokens of a chunk of request ${i}`));
      this.#kind.push(count(chunk[2], `the kind of a chunk of request ${i}`));
      this.#place.push(count(chunk[3], `the place of a chunk of request ${i}`));
    }
  }

  asRead(): ChunkColumns {
    return {
      t: this.#t.taken(),
      request: this.#request.taken(),
      tokens: this.#tokens.taken(),
      kind: this.#kind.taken(),
    };
  }

  inPlace(): ChunkColumns {
    const read = this.asRead();
    const places = this.#place.taken();
    const n = places.length;
    const out: ChunkColumns = {
      t: new Float64Array(n),
      request: new Uint32Array(n),
      tokens: new Uint16Array(n),
      kind: new Uint16Array(n),
    };
    places.forEach((place, k) => {
      if (place >= n) throw new InputError(`the place of a chunk of request ${read.request[k]!}`, place, `below ${n}`);
      out.t[place] = read.t[k]!;
      out.request[place] = read.request[k]!;
      out.tokens[place] = read.tokens[k]!;
      out.kind[place] = read.kind[k]!;
    });
    return out;
  }
}

/** What everything reads of a run, whoever wrote the line. */
function checkHead(run: Json): void {
  const origin = object(run["origin"], "run.origin");
  indexIn(["simulated", "measured"], origin["kind"], "run.origin.kind");
  if (origin["kind"] === "measured")
    for (const name of ["target", "model", "transport"]) string(origin[name], `run.origin.${name}`);
  if (origin["kind"] === "measured") finite(origin["clientLag"], "run.origin.clientLag");
  object(run["versions"], "run.versions");
  const arrivals = object(object(run["workload"], "run.workload")["arrivals"], "run.workload.arrivals");
  string(arrivals["kind"], "run.workload.arrivals.kind");
  if (arrivals["kind"] === "closed") finite(arrivals["users"], "run.workload.arrivals.users");
  time(arrivals["rate"], "run.workload.arrivals.rate");
  for (const [i, failure] of array(run["failures"] ?? [], "run.failures").entries())
    string(object(failure, `run.failures[${i}]`)["message"], `run.failures[${i}].message`);
  if (run["ended"] !== undefined) string(object(run["ended"], "run.ended")["message"], "run.ended.message");
}

function string(value: unknown, field: string): void {
  if (typeof value !== "string") throw new InputError(field, value, "a text");
}

function indexIn(names: readonly string[], name: unknown, field: string): number {
  const index = names.indexOf(name as string);
  if (index < 0) throw new InputError(field, name, `one of ${names.join(", ")}`);
  return index;
}

function unpackArrays(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpackArrays);
  if (typeof value !== "object" || value === null) return value;
  const name = (value as Json)["$array"];
  if (typeof name === "string" && Object.hasOwn(arrays, name))
    return arrays[name as keyof typeof arrays].from(array((value as Json)["values"], "values").map(Number));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unpackArrays(inner)]));
}
