/** Which constants of the step model a few measurements may move, how far, and what is believed of them before. */
import { exp, log } from "../numeric.ts";
import type { ResolvedServer } from "../server.ts";
import { linkClass, type RooflineParameters } from "../step/roofline.ts";
import type { Parameter } from "../step/types.ts";

/** A constant of one server. Its logarithm moves by θ from the prior's; `low` and `high` bound the value. */
export interface Unknown {
  /** Its name in the parameter set. */
  readonly name: string;
  /** Names of the factors that `name` takes in, so that it alone says what this server reaches. */
  readonly absorbs: readonly string[];
  readonly prior: number;
  /** Of the logarithm. */
  readonly sd: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Servers of one kind differ more than a family's mean is uncertain: at least this much, in log units. Chosen over all
 * deployments of tests/accuracy/measured at once.
 */
const least = { efficiency: 0.2, overhead: 0.5, ingress: 0.8, opening: 0.8 } as const;
/** Seconds, efficiencies and ratios move by at most this factor; an efficiency never exceeds 1. */
const farthest = 12;

export function unknownsOf(server: ResolvedServer, p: RooflineParameters): Unknown[] {
  const { engine, weights } = server;
  const arch = server.gpu.architecture ?? "default";
  const link = linkClass(server);
  const list: Unknown[] = [];
  const add = (sd: number, most: number, name: string, absorbs: readonly string[] = []): void => {
    const parts = [name, ...absorbs].map((part) => entryOf(p, part));
    const prior = parts.reduce((product, part) => product * part.value, 1);
    if (!(prior > 0)) return;
    const variance = parts.reduce((sum, part) => sum + halfWidth(part) ** 2, 0);
    const bound = Math.min(most, prior * farthest);
    list.push({
      name,
      absorbs,
      prior: Math.min(prior, bound),
      sd: Math.max(sd, Math.sqrt(variance)),
      low: prior / farthest,
      high: bound,
    });
  };
  const { efficiency, overhead, ingress, opening } = least;
  add(efficiency, 1, `compute.${arch}`, [`compute.engine.${engine}`, `compute.format.${weights}`]);
  add(efficiency, 1, `weights.${arch}`, [`weights.engine.${engine}`, `weights.format.${weights}`]);
  add(efficiency, 1, `kv.${arch}`, [`kv.engine.${engine}`]);
  add(efficiency, 1, `attention.${arch}`, [`attention.engine.${engine}`]);
  add(overhead, 1, `layer.${engine}`);
  add(overhead, 1, `step.${engine}`);
  add(overhead, 1, `sequence.${engine}`);
  add(ingress, 10, `ingress.${engine}`);
  add(opening, 1, `opening.${engine}`);
  if (server.tensorParallel > 1) {
    add(overhead, 1, `link.latency.${link}`);
    add(efficiency, 1, `link.share.${link}`);
  }
  if (server.model.experts) {
    add(efficiency, 2, "experts.weights.default");
    add(efficiency, 2, "experts.compute.default");
  }
  return list;
}

/** The set with every unknown at its prior times e^θ. */
export function parametersAt(
  p: RooflineParameters,
  unknowns: readonly Unknown[],
  theta: ArrayLike<number>,
  name: string,
): RooflineParameters {
  const values: Record<string, Parameter> = { ...p.values };
  unknowns.forEach((unknown, i) => {
    const value = valueAt(unknown, theta[i]!);
    const source = `calibrated from ${p.name}`;
    values[unknown.name] = { value, low: value, high: value, source };
    for (const part of unknown.absorbs) values[part] = { value: 1, low: 1, high: 1, source };
  });
  return { ...p, name, values };
}

export function valueAt(unknown: Unknown, theta: number): number {
  return Math.min(unknown.high, Math.max(unknown.low, unknown.prior * exp(theta)));
}

/** The entry of a name, or of its group's default. */
function entryOf(p: RooflineParameters, name: string): Parameter {
  const found = p.values[name] ?? p.values[`${name.slice(0, name.lastIndexOf("."))}.default`];
  if (!found) throw new Error(`the parameter set ${p.name} has no ${name}`);
  return found;
}

function halfWidth(part: Parameter): number {
  return part.low > 0 && part.high > part.low ? log(part.high / part.low) / 2 : 0;
}
