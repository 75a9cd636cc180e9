/** Proves a lab: runs its starter, solution, wrong answers and mutants in the sandbox that learners get, and says all that is wrong with it. */
import type { Compiled } from "./compile/compiler.ts";
import { chartFaults, lineOfCheck, targetFaults, toldFaults, traceFaults } from "./consistency.ts";
import { defaultParams, paramCorners } from "./definition.ts";
import type { Fault } from "./fault.ts";
import { idleInWords, Judgements } from "./judgements.ts";
import type { LabSources } from "./lab-sources.ts";
import type { Attempt, LabReport, Mutant, ProofOptions, Prover, Trial } from "./proof.ts";
import type { CheckResult, LabJob } from "./protocol.ts";
import { seedsInWords } from "./seeds.ts";
import { checkThrewFault, thrownFault } from "./thrown-fault.ts";
import type { WrongAnswer } from "./wrong-answers.ts";

/** Mutants loop for ever more often than answers do. Seconds. */
const mutantLimit = 2;
/** How many mutants may change nothing that anyone could see, such as a comparison whose two sides are never equal. */
const survivorsAllowed = 0.1;
/** Mutants tried at once while a check has failed nothing yet: as many as run side by side. */
const fewMutants = 2;
/** Seeds on which a wrong answer must be caught. */
const wrongSeeds = 4;

export async function proveLab(sources: LabSources, prover: Prover, options: ProofOptions): Promise<LabReport> {
  return new Proof(sources, prover, options).report();
}

class Proof {
  readonly #lab: LabSources;
  readonly #prover: Prover;
  readonly #options: ProofOptions;
  readonly #faults: Fault[] = [];
  readonly #notes: Fault[] = [];
  /** Changed solutions that were stopped before they were judged. */
  readonly #stopped: Mutant[] = [];
  #checks: Compiled = { code: "", map: "" };
  #judgements = new Judgements({}, this.#checks);

  constructor(lab: LabSources, prover: Prover, options: ProofOptions) {
    this.#lab = lab;
    this.#prover = prover;
    this.#options = options;
  }

  async report(): Promise<LabReport> {
    const { id, definition } = this.#lab;
    const nobody: Attempt = { name: "", failed: [], said: null };
    const empty: LabReport = {
      id,
      title: definition.title,
      faults: this.#faults,
      notes: this.#notes,
      checks: [],
      starter: nobody,
      wrong: [],
      solution: { seeds: 0, seconds: 0, bytes: 0, charts: 0 },
      answer: null,
      mutants: { tried: 0, survived: [] },
    };
    const [starter, solution, checks] = await Promise.all([
      this.#compiled("starter.ts", this.#lab.starter),
      this.#compiled("solution.ts", this.#lab.solution),
      this.#compiled("checks.ts", this.#lab.checks),
    ]);
    if (starter === null || solution === null || checks === null) return empty;
    this.#checks = checks;
    this.#judgements = new Judgements({ "checks.ts": this.#lab.checks, ...this.#lab.files }, checks);
    this.#add(...targetFaults(this.#lab), ...traceFaults(this.#lab, [starter, solution, checks]));

    const ran = await this.#run(solution, defaultParams(definition));
    const runs = this.#ranWell(ran, "solution.ts", solution);
    this.#time(ran);
    const answer = runs ? await this.#answer(solution, ran) : null;
    if (runs) this.#add(...chartFaults(this.#lab, ran.charts));
    if (answer !== null) this.#add(...toldFaults(this.#lab, answer));
    const graded = await Promise.all(this.#options.seeds.map((seed) => this.#grade(solution, seed)));
    const names = this.#solution(graded, solution);
    await this.#answers();
    const attempt = await this.#starter(starter);
    const wrong = await this.#wrong(names);
    const mutants = await this.#mutants(names, [attempt, ...wrong]);
    if (names.length > 0 && this.#options.mutants !== null)
      this.#coverage(names, [attempt, ...wrong, ...mutants.killed]);
    if (names.length > 0 && this.#options.thorough) await this.#messages(wrong.length + mutants.tried + 1);
    return {
      ...empty,
      checks: names,
      starter: attempt,
      wrong,
      solution: { seeds: graded.length, seconds: ran.seconds, bytes: ran.bytes, charts: ran.charts.length },
      answer,
      mutants: { tried: mutants.tried, survived: mutants.survived },
    };
  }

  #path(file: string): string {
    return `${this.#lab.at}/${file}`;
  }

  #fault(file: string, says: string, more: Omit<Fault, "file" | "says"> = {}): void {
    this.#add({ file: this.#path(file), says, ...more });
  }

  /** Each is told once. */
  #add(...faults: readonly Fault[]): void {
    for (const fault of faults) {
      if (!this.#faults.some((known) => JSON.stringify(known) === JSON.stringify(fault))) this.#faults.push(fault);
    }
  }

  async #compiled(file: string, code: string): Promise<Compiled | null> {
    const result = await this.#prover.compile(file, code);
    if ("compiled" in result) return result.compiled;
    this.#faults.push(...result.faults);
    return null;
  }

  #job(code: Compiled, params: LabJob["params"], seed: number): LabJob {
    const { id, definition } = this.#lab;
    const { server, parameters, limit } = definition;
    return {
      lab: id,
      mode: "run",
      code: code.code,
      seed,
      params,
      parameters,
      measured: false,
      limit,
      ...(server && { server }),
    };
  }

  #run(code: Compiled, params: LabJob["params"]): Promise<Trial> {
    return this.#prover.run(this.#job(code, params, this.#lab.definition.seed));
  }

  async #grade(code: Compiled, seed: number, more: Partial<Pick<LabJob, "limit" | "params">> = {}): Promise<Trial> {
    const job = this.#job(code, defaultParams(this.#lab.definition), seed);
    const trial = await this.#prover.run({ ...job, mode: "check", checks: this.#checks.code, ...more });
    this.#judgements.note(trial.results);
    return trial;
  }

  /** Whether code ran to its end; if not, that is said with its place in the author's file. */
  #ranWell(trial: Trial, file: string, code: Compiled, where = ""): boolean {
    const [error] = trial.errors;
    if (error !== undefined)
      this.#add(thrownFault(error, { at: this.#lab.at, file, code, checks: this.#checks }, where));
    else if (trial.ending.kind === "stopped") {
      const { limit } = this.#lab.definition;
      const slow = trial.ending.by === "watchdog" ? ` Its limit is ${limit} s.` : "";
      this.#fault(file, `did not end${where}. ${trial.ending.message}${slow}`);
    }
    return error === undefined && trial.ending.kind === "done";
  }

  /** A solution that needs most of the limit here needs more than all of it on a learner's machine. */
  #time({ seconds }: Trial): void {
    const { limit } = this.#lab.definition;
    if (seconds <= limit / 2) return;
    this.#notes.push({
      file: this.#path("solution.ts"),
      says: `took ${seconds.toFixed(1)} s, and its limit is ${limit} s; a learner's machine may be slower.`,
      fix: "Simulate fewer requests, or raise `limit`.",
    });
  }

  /** The prediction's truth: a finite, possible number, whatever the controls say. */
  async #answer(solution: Compiled, ran: Trial): Promise<number | null> {
    const { definition } = this.#lab;
    const corners = await Promise.all(
      paramCorners(definition).map(async (params) => [params, await this.#run(solution, params)] as const),
    );
    const defaults = defaultParams(definition);
    const moved = (params: LabJob["params"]) =>
      Object.entries(params)
        .filter(([name, value]) => value !== defaults[name])
        .map(([name, value]) => `${name} at ${value}`)
        .join(", ");
    for (const [params, trial] of corners) {
      if (!this.#ranWell(trial, "solution.ts", solution, ` with ${moved(params)}`)) continue;
      const graded = await this.#grade(solution, this.#options.seeds[0] ?? 0, { params });
      this.#ranWell(graded, "solution.ts", solution, ` while it is checked with ${moved(params)}`);
      for (const { name, outcome, message } of graded.results) {
        if (outcome === "failed")
          this.#fault("solution.ts", `fails the check "${name}" with ${moved(params)}: ${message ?? ""}`);
      }
    }
    if (definition.prediction === undefined) return null;
    const { answer, min, max } = definition.prediction;
    const line = this.#lab.lineOf(["prediction", "answer"]);
    for (const [where, { exported, ending }] of [
      ["", ran] as const,
      ...corners.map(([params, trial]) => [` with ${moved(params)}`, trial] as const),
    ]) {
      if (ending.kind !== "done") continue;
      const value = exported[answer];
      if (value === undefined) {
        this.#fault(
          "lab.yaml",
          `the prediction's answer is ${answer}, and the solution exports no number of that name.`,
          { line, fix: `It exports ${Object.keys(exported).join(", ") || "no plain value"}.` },
        );
        break;
      }
      if (typeof value !== "number" || !Number.isFinite(value)) {
        this.#fault(
          "lab.yaml",
          `the prediction's answer, ${answer}, is ${String(value)}${where}; it must be a number.`,
          { line },
        );
      } else if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
        this.#fault(
          "lab.yaml",
          `the prediction's answer is ${value}${where}, outside its own min and max, so the right guess would be refused.`,
          { line },
        );
      }
    }
    const value = ran.exported[answer];
    return typeof value === "number" && Number.isFinite(value) ? value : null;
  }

  /** Each further good answer runs, and passes every check on every seed. */
  async #answers(): Promise<void> {
    for (const { name, code } of this.#lab.answers) {
      const where = ` as changed by "${name}" of answers.yaml`;
      const compiled = await this.#compiled("solution.ts", code);
      if (compiled === null) continue;
      const ran = await this.#run(compiled, defaultParams(this.#lab.definition));
      if (!this.#ranWell(ran, "solution.ts", compiled, where)) continue;
      const graded = await Promise.all(this.#options.seeds.map((seed) => this.#grade(compiled, seed)));
      this.#solution(graded, compiled, where);
    }
  }

  /** The solution passes every check on every seed. Gives the names of the checks. */
  #solution(graded: readonly Trial[], solution: Compiled, changed = ""): readonly string[] {
    const failing = new Map<string, { seeds: number[]; result: CheckResult }>();
    graded.forEach((trial, i) => {
      this.#ranWell(trial, "solution.ts", solution, `${changed} while it is checked`);
      for (const result of trial.results.filter(({ outcome }) => outcome === "failed")) {
        const known = failing.get(result.name) ?? { seeds: [], result };
        failing.set(result.name, { ...known, seeds: [...known.seeds, this.#options.seeds[i] ?? 0] });
      }
    });
    for (const [name, { seeds, result }] of failing) {
      const where = seedsInWords(seeds, this.#options.seeds);
      if (result.error !== undefined) this.#add(checkThrewFault(result, this.#lab.at, this.#checks, where));
      else
        this.#fault(
          "solution.ts",
          `${changed === "" ? "" : `${changed.trim()} `}fails the check "${name}" on ${where}: ${result.message ?? ""}`,
        );
    }
    const names = graded[0]?.results.map(({ name }) => name) ?? [];
    for (const name of new Set(names.filter((name, i) => names.indexOf(name) !== i))) {
      this.#fault("checks.ts", `Two checks are called "${name}", so a learner can't tell which failed.`);
    }
    const ungraded = graded[0]?.results.filter(({ outcome }) => outcome === "notGraded") ?? [];
    for (const { name } of ungraded) this.#fault("checks.ts", `The check "${name}" is not graded.`);
    return names;
  }

  /** The starter runs, and a check says what is still to do. */
  async #starter(starter: Compiled): Promise<Attempt> {
    const ran = await this.#run(starter, defaultParams(this.#lab.definition));
    if (!this.#ranWell(ran, "starter.ts", starter)) return attemptOf("the starter", ran);
    const trial = await this.#grade(starter, this.#options.seeds[0] ?? 0);
    const attempt = attemptOf("the starter", trial);
    this.#judged(trial);
    if (!this.#ranWell(trial, "starter.ts", starter, " while it is checked")) return attempt;
    if (attempt.failed.length === 0)
      this.#fault("starter.ts", "passes every check already, so there is nothing to do in this lab.");
    if (this.#options.thorough) await this.#sameTwice(starter, trial);
    for (const { name, outcome, error, message } of trial.results) {
      if (outcome !== "failed" || error === undefined) continue;
      this.#fault(
        "starter.ts",
        `The check "${name}" judges nothing on the starter, since it ends with an error: ${message ?? ""}`,
        { fix: "Let the check look at what it was given before it uses it, and say what is missing." },
      );
    }
    return attempt;
  }

  /** The same answer and the same seed get the same verdict, or a check asks a clock or a die of its own. */
  async #sameTwice(starter: Compiled, first: Trial): Promise<void> {
    const again = await this.#grade(starter, this.#options.seeds[0] ?? 0);
    for (const { name, outcome, message } of first.results) {
      const then = again.results.find((result) => result.name === name);
      if (then === undefined || (then.outcome === outcome && then.message === message)) continue;
      this.#fault("checks.ts", `The check "${name}" judges the same answer otherwise when it is asked again.`, {
        ...lineOfCheck(this.#lab.checks, name),
        fix: "Draw its cases from lab.seed, and ask no clock.",
      });
    }
  }

  /** What checks say must make sense, whatever the answer: two different numbers, and no fault of their own. */
  #judged({ results }: Trial): void {
    for (const result of results) {
      if (result.atFault === true) this.#add(checkThrewFault(result, this.#lab.at, this.#checks, "an answer"));
      const same = /^Seen: (.+?)\. Expected: \1(?: \(exactly\))?\. /.exec(result.message ?? "");
      if (same !== null)
        this.#fault(
          "checks.ts",
          `The check "${result.name}" says that ${same[1]} was seen and ${same[1]} was expected.`,
          { fix: "Write both with digits enough to tell them apart." },
        );
    }
  }

  async #wrong(names: readonly string[]): Promise<LabReport["wrong"]> {
    return Promise.all(this.#lab.wrong.map((answer) => this.#wrongAnswer(answer, names)));
  }

  /** A wrong answer gets its message from a check, by its judgement. */
  async #wrongAnswer(
    { name, code, mustGet, line }: WrongAnswer,
    names: readonly string[],
  ): Promise<LabReport["wrong"][number]> {
    const fault = (says: string) => this.#fault("wrong.yaml", `"${name}" ${says}`, { line });
    const result = await this.#prover.compile("solution.ts", code);
    if ("faults" in result) {
      const [first] = result.faults;
      fault(`does not compile: line ${first?.line} of the changed solution, ${first?.says}`);
      return { name, failed: [], said: null, mustGet };
    }
    const trial = await this.#grade(result.compiled, this.#options.seeds[0] ?? 0);
    this.#judged(trial);
    const attempt = attemptOf(name, trial);
    const judged = trial.results.some(({ message, error }) => error === undefined && message?.includes(mustGet));
    if (judged) {
      await this.#onEverySeed(name, result.compiled, line);
      return { ...attempt, mustGet };
    }
    if (trial.errors[0] !== undefined) {
      fault(`ends with an error before any check can teach: ${trial.errors[0].name}: ${trial.errors[0].message}`);
    } else if (trial.ending.kind === "stopped") fault(`did not end: ${trial.ending.message}`);
    else if (attempt.failed.length === 0 && names.length > 0) fault("passes every check.");
    else if (trial.results.some(({ message }) => message?.includes(mustGet)))
      fault(`gets "${mustGet}" from an error only, not from a check's judgement.`);
    else fault(`must get "${mustGet}", and gets: ${attempt.said ?? "nothing"}`);
    return { ...attempt, mustGet };
  }

  /** A wrong answer that passes on some seeds is one that some learners are told is right. */
  async #onEverySeed(name: string, code: Compiled, line: number): Promise<void> {
    if (!this.#options.thorough) return;
    const seeds = this.#options.seeds.slice(0, wrongSeeds);
    const trials = await Promise.all(seeds.slice(1).map((seed) => this.#grade(code, seed)));
    const passing = seeds.slice(1).filter((_, i) => {
      const { results, errors, ending } = trials[i]!;
      return errors.length === 0 && ending.kind === "done" && results.every(({ outcome }) => outcome !== "failed");
    });
    if (passing.length === 0) return;
    this.#fault("wrong.yaml", `"${name}" passes every check on ${seedsInWords(passing, seeds)}.`, {
      line,
      fix: "Let the check try more cases, or draw them from lab.seed so that each tells the two apart.",
    });
  }

  /** Every judgement in the checks has failed some answer: else its message is one that nobody gets. */
  async #messages(tried: number): Promise<void> {
    // Those that were stopped first: on a busy machine their short limit may have been all that was wrong with them.
    const again = this.#stopped.splice(0);
    const left = [...again, ...(this.#options.strange ?? [])];
    let all = tried - again.length;
    while (left.length > 0 && this.#judgements.idle.length > 0) {
      const now = left.splice(0, fewMutants);
      all += now.length;
      await Promise.all(now.map((mutant) => this.#mutant(mutant, this.#lab.definition.limit)));
    }
    for (const site of this.#judgements.idle) {
      const { says, ...fix } = idleInWords(site, all);
      this.#fault(site.file, says, { line: site.line, ...fix });
    }
  }

  async #mutants(names: readonly string[], attempts: readonly Attempt[]) {
    const { mutants, thorough } = this.#options;
    const survived: { line: number; what: string }[] = [];
    const killed: Attempt[] = [];
    const left = [...(mutants ?? [])];
    const isIdle = (name: string) => ![...attempts, ...killed].some(({ failed }) => failed.includes(name));
    while (left.length > 0 && (thorough || names.some(isIdle))) {
      const tried = left.splice(0, thorough ? left.length : fewMutants);
      await Promise.all(
        tried.map(async (mutant) => {
          const attempt = await this.#mutant(mutant);
          if (attempt === "survived") survived.push({ line: mutant.line, what: mutant.what });
          else if (attempt !== null) killed.push(attempt);
        }),
      );
    }
    const tried = (mutants?.length ?? 0) - left.length;
    survived.sort((a, b) => a.line - b.line);
    const many = thorough && survived.length > survivorsAllowed * tried;
    for (const { line, what } of survived) {
      const says = `No check notices when ${what}.`;
      if (many) this.#fault("solution.ts", says, { line, fix: "Add a case to checks.ts that does." });
      else this.#notes.push({ file: this.#path("solution.ts"), line, says });
    }
    return { tried, survived, killed };
  }

  /** null where the change does not compile. */
  async #mutant(mutant: Mutant, limit = mutantLimit): Promise<Attempt | "survived" | null> {
    const { code, line, what } = mutant;
    const result = await this.#prover.compile("solution.ts", code);
    if ("faults" in result) return null;
    const trial = await this.#grade(result.compiled, this.#options.seeds[0] ?? 0, {
      limit: Math.min(limit, this.#lab.definition.limit),
    });
    if (trial.ending.kind === "stopped") this.#stopped.push(mutant);
    const attempt = attemptOf(`line ${line}, ${what}`, trial);
    const passes = trial.errors.length === 0 && trial.ending.kind === "done" && attempt.failed.length === 0;
    return passes ? "survived" : attempt;
  }

  /** A check that nothing fails proves nothing. */
  #coverage(names: readonly string[], attempts: readonly Attempt[]): void {
    for (const name of new Set(names)) {
      if (attempts.some(({ failed }) => failed.includes(name))) continue;
      this.#fault(
        "checks.ts",
        `Nothing fails the check "${name}": not the starter, no wrong answer, no changed solution.`,
        { ...lineOfCheck(this.#lab.checks, name), fix: "Add a wrong answer that it catches, or take it out." },
      );
    }
  }
}

function attemptOf(name: string, { results, errors, ending }: Trial): Attempt {
  const failed = results.filter(({ outcome }) => outcome === "failed");
  const [error] = errors;
  const said =
    error !== undefined
      ? `${error.name}: ${error.message}`
      : ending.kind === "stopped"
        ? ending.message
        : (failed[0]?.message ?? null);
  return { name, failed: failed.map((result) => result.name), said };
}
