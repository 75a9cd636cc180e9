/** What is typed into the finder, how an address holds it, and what it says once it is read. */
import { gpu as findGpu } from "../../engine/catalog/gpu.ts";
import type { Bound, LatencyMetric, PlanPercentile, PlanQuestion } from "../../engine/plan/types.ts";
import { readTyped } from "../tools/read-typed.ts";

export const metrics = ["ttft", "tpot", "e2e"] as const;
export const percentiles = [50, 95, 99] as const;
export type BoundName = `${(typeof metrics)[number]}${(typeof percentiles)[number]}`;

const bounds = Object.fromEntries(metrics.flatMap((m) => percentiles.map((q) => [`${m}${q}`, ""]))) as Record<
  BoundName,
  string
>;

/** Empty: not given. `go` is "1" once somebody has searched, so that a link searches again. */
export const defaults = {
  ...bounds,
  budget: "",
  load: "90",
  gpus: "",
  prices: "",
  weights: "any",
  kv: "any",
  by: "e2e",
  go: "",
};
export type FormName = keyof typeof defaults;
export type Form = Readonly<Record<FormName, string>>;

export function toText(form: Form): string {
  const params = new URLSearchParams();
  for (const name of Object.keys(defaults) as FormName[])
    if (form[name] !== defaults[name]) params.set(name, form[name]);
  return params.toString();
}

/** Names that nobody knows are left out. */
export function fromText(text: string): Form {
  const params = new URLSearchParams(text);
  const given = (Object.keys(defaults) as FormName[]).flatMap((name) =>
    params.has(name) ? [[name, params.get(name)!]] : [],
  );
  return { ...defaults, ...Object.fromEntries(given) };
}

/** The finder's own part of a question. */
export type Wishes = Pick<PlanQuestion, "usdPerMonth" | "usdPerGpuHour" | "mostLoad" | "rankBy" | "space"> & {
  readonly bounds: readonly Bound[];
};

export interface ReadForm {
  /** null where something is wrong. */
  readonly wishes: Wishes | null;
  readonly problems: Readonly<Partial<Record<FormName, string>>>;
}

/** `own` is the checkpoint's formats: [weights, KV cache]. */
export function readForm(form: Form): ReadForm {
  const problems: Partial<Record<FormName, string>> = {};
  const number = (name: FormName, least: number, most: number, what: string): number | undefined => {
    const text = form[name].trim();
    if (text === "") return undefined;
    const value = readTyped(text);
    if (value >= least && value <= most) return value;
    problems[name] = what;
    return undefined;
  };
  const found: Bound[] = metrics.flatMap((metric: LatencyMetric) =>
    percentiles.flatMap((percentile: PlanPercentile) => {
      const ms = number(`${metric}${percentile}` as BoundName, 1e-3, 1e8, "Milliseconds above 0, or nothing.");
      return ms === undefined ? [] : [{ metric, percentile, seconds: ms / 1000 }];
    }),
  );
  const usdPerMonth = number("budget", 1, 1e12, "USD a month, at least 1, or nothing.");
  const load = number("load", 1, 99, "A percentage from 1 to 99.") ?? 90;
  const gpus = parts(form.gpus).flatMap((name) => gpuNamed(name, "gpus", problems));
  const usdPerGpuHour = Object.fromEntries(
    parts(form.prices).flatMap((part) => {
      const [, name, usd] = /^(.+?)[\s=:]+\$?([\d.]+)$/.exec(part) ?? [];
      if (name === undefined || !(Number(usd) > 0)) {
        problems.prices = `“${part}”: a GPU and its USD an hour, such as “h100-sxm-80 2.10”.`;
        return [];
      }
      return gpuNamed(name, "prices", problems).map((id) => [id, Number(usd)] as const);
    }),
  );
  if (Object.keys(problems).length > 0) return { wishes: null, problems };
  return {
    problems,
    wishes: {
      bounds: found,
      ...(usdPerMonth !== undefined && { usdPerMonth }),
      usdPerGpuHour,
      mostLoad: load / 100,
      rankBy: metrics.find((metric) => metric === form.by) ?? "e2e",
      space: gpus.length > 0 ? { gpus } : {},
    },
  };
}

function parts(text: string): string[] {
  return text
    .split(/[,;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function gpuNamed(name: string, field: FormName, problems: Partial<Record<FormName, string>>): string[] {
  try {
    return [findGpu(name).id];
  } catch (error) {
    problems[field] = `${(error as Error).message}.`;
    return [];
  }
}
