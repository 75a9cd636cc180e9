/**
 * Which rules vLLM's V1 scheduler has in which version. Read in its wheels, run in 0.33.0; a rule counts from the first version
 * in which it was seen, so that versions between two wheels may be off by one (tests/engine/simulate/vllm-cases/README.md).
 */
import { InputError } from "../errors.ts";

export interface SchedulerRules {
  /** The version whose rules these are, such as "0.33". */
  readonly version: string;
  /** The plan of a step is made when the step before it starts (AsyncScheduler, on by default). */
  readonly asyncScheduling: boolean;
  /** `longPrefillTokenThreshold` does not bind a request that is alone. */
  readonly thresholdSparesTheOnly: boolean;
  /** Freed blocks without a whole block's content are overwritten before those that could be found again. */
  readonly unhashedFirst: boolean;
  /** A request that gives way to a more urgent one does not keep later ones from their step. */
  readonly selfPreemptionGoesOn: boolean;
  /** Room for drafts is set aside at admission, not only while running. */
  readonly lookaheadAtAdmission: boolean;
  /** Positions stop one short of `maxModelLen`. */
  readonly stopsOneShort: boolean;
  /** A request that needs one token beside decodes with drafts is padded to their length. */
  readonly padsOneToken: boolean;
  /** The whole text of a request must fit when it is admitted, unless `schedulerReserveFullIsl` says otherwise. */
  readonly reservesFullText: boolean;
  /** Windowed layers give blocks back once they lie behind the window. */
  readonly hybridBlocks: boolean;
  /**
   * Planning ahead, what lies behind a window is given back once the step under way is over, not while that step may still read it
   * (vllm-project/vllm pull request 47728, reviewed on 7 July 2026; 0.24.0 was out on 1 July).
   */
  readonly windowsWait: boolean;
  /**
   * Data-parallel ranks are compared by unfinished requests and the pressure on their caches, not by four times those that wait and those
   * that run (pull request 49204, opened on 20 July 2026; 0.25.0 was out on 13 July, and which version had it first was not read).
   */
  readonly balancesUnfinished: boolean;
  /** Tokens of the budget that each request's drafting takes. */
  readonly draftSlots: boolean;
  /**
   * The decode side of a split fetches a prompt's KV once it has blocks for it, and computes the last prompt token again, so that
   * the first token is its own (`update_waiting_for_remote_kv`, read in 0.33; other engines hand the first token over).
   */
  readonly fetchesPrompts: boolean;
  /** `prefillScheduleInterval` holds prompts back without data parallelism too. */
  readonly cadenceAlone: boolean;
  readonly gpuMemoryUtilization: number;
  /** 16,384 tokens a step on GPUs of 160 GiB and more. */
  readonly largeBudget: boolean;
  /** GB10 counts as a small GPU. */
  readonly smallGb10: boolean;
}

/** The newest version whose rules were read and run. */
export const newestVllm = "0.33";

/** The last version of each fitted generation of host overheads, for servers that name the generation alone. */
const lastOfGeneration: Readonly<Record<string, string>> = {
  "vllm-2023": "0.8",
  "vllm-v0": "0.8",
  "vllm-v1": "0.13",
  "vllm-async": newestVllm,
};

/**
 * The rules of a version of vLLM, "0.8" and later. Without a version: the last of the engine's generation; engines other than vLLM
 * are given vLLM's newest rules with synchronous planning, as their own were not compared. Throws InputError on a version that
 * is none, or of an engine that is not vLLM.
 */
export function rulesOf(engine: string, version: string | undefined): SchedulerRules {
  const vllm = /^vllm/.test(engine);
  if (version !== undefined && !vllm)
    throw new InputError(
      "version",
      version,
      `left out with engine "${engine}": versions choose the rules of vLLM's scheduler`,
    );
  const name = version ?? lastOfGeneration[engine] ?? newestVllm;
  const minor = minorOf(name);
  const from = (first: number): boolean => minor >= first;
  return {
    version: `0.${minor}`,
    asyncScheduling: vllm && from(14),
    thresholdSparesTheOnly: from(31),
    unhashedFirst: from(23),
    selfPreemptionGoesOn: from(33),
    lookaheadAtAdmission: from(23) || !from(11),
    stopsOneShort: from(11),
    padsOneToken: from(25),
    reservesFullText: from(19),
    hybridBlocks: from(11),
    windowsWait: from(25),
    balancesUnfinished: from(26),
    draftSlots: from(28),
    fetchesPrompts: vllm,
    cadenceAlone: from(33),
    gpuMemoryUtilization: from(20) ? 0.92 : 0.9,
    largeBudget: from(28),
    smallGb10: from(33),
  };
}

function minorOf(version: string): number {
  const parts = /^v?0\.(\d{1,3})(?:\.\d+)*$/.exec(version);
  const minor = parts ? Number(parts[1]) : NaN;
  if (!(minor >= 8)) throw new InputError("version", version, `a version of vLLM from "0.8" to "${newestVllm}"`);
  return Math.min(minor, Number(newestVllm.slice(2)));
}
