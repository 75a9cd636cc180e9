/** labs/<id>/lab.yaml: what a lab says about itself. Every field's description is what authors read, in their editor and in the guide. */
import { z } from "zod";
import { InputError } from "../engine/errors.ts";
import { resolveServer } from "../engine/resolve.ts";
import type { Server } from "../engine/server.ts";
import { shippedTraces } from "../engine/workload/traces/names.ts";
import { parameters as parameterSets } from "../engine/step/parameters.ts";
import { FaultyLab } from "./fault.ts";
import { readYaml } from "./read-yaml.ts";

const text = z.string().trim().min(1);
const onParam = {
  label: text.describe("Shown beside the control."),
  primary: z
    .boolean()
    .optional()
    .describe("One of the controls the lab is about, shown first. At most three; unless you say so, the first three."),
};

/** How far a float may be off a whole number of steps. */
const stepNoise = 1e-6;

const slider = z
  .strictObject({
    ...onParam,
    unit: z.string().optional().describe("Of a slider: shown after the value."),
    min: z.number().describe("Of a slider: its smallest value."),
    max: z.number().describe("Of a slider: its largest value."),
    step: z.number().positive().describe("Of a slider: the distance between values, counted from min."),
    default: z
      .number()
      .describe(
        "Value at the start. Of a slider: from min to max, a whole number of steps above min; of a select: one of the options.",
      ),
  })
  .superRefine(({ min, max, step, default: value }, { addIssue }) => {
    const fault = (path: string, message: string) => addIssue({ code: "custom", path: [path], message });
    if (min >= max) return fault("max", `is ${max}; it must be above min, which is ${min}`);
    if (value < min || value > max) return fault("default", `is ${value}; it must lie from ${min} to ${max}`);
    const steps = (value - min) / step;
    if (!(step > 0)) return;
    if (Math.abs(steps - Math.round(steps)) <= stepNoise) return;
    const near = [Math.floor(steps), Math.ceil(steps)].map((n) => Number((min + n * step).toPrecision(12)));
    fault(
      "default",
      `is ${value}, where the slider can't stand: its steps of ${step} from ${min} meet ${near.join(" and ")}`,
    );
  });

const select = z
  .strictObject({
    ...onParam,
    options: z
      .array(z.union([z.string(), z.number()]))
      .min(2)
      .describe("Of a select: what can be chosen, at least two. Numbers stay numbers."),
    default: z.union([z.string(), z.number()]).describe("Value at the start: one of the options."),
  })
  .superRefine(({ options, default: value }, { addIssue }) => {
    if (options.includes(value)) return;
    addIssue({
      code: "custom",
      path: ["default"],
      message: `is ${String(value)}; it must be one of ${options.join(", ")}`,
    });
  });

const prediction = z
  .strictObject({
    question: text.describe("What the learner is asked before the first run; it has one number as its answer."),
    unit: z.string().describe("Unit of the answer, shown after the box. May be empty."),
    answer: z
      .string()
      .regex(/^[A-Za-z_$][\w$]*$/, "must be the name of an export, such as slowdown")
      .describe(
        "Name of the export that holds the answer. It is read from the solution, never from the learner's code.",
      ),
    tolerance: z.number().positive().describe("Relative error up to which a prediction counts as close, such as 0.15."),
    explain: text.describe("Shown with the comparison after the run: why the answer is what it is."),
    min: z
      .number()
      .optional()
      .describe("Smallest guess that is possible at all, such as 0; one below it is asked again."),
    max: z.number().optional().describe("Largest guess that is possible at all; one above it is asked again."),
    chart: z
      .strictObject({
        title: text.describe("Title of a chart that main.ts draws."),
        axis: z.enum(["x", "y"]).describe("Its axis that the answer lies on."),
        per: z
          .number()
          .positive()
          .default(1)
          .describe("Units of the answer in one unit of the axis: 1000 for an answer in ms on an axis in s."),
      })
      .optional()
      .describe("Chart into which the guess is drawn as a rule, once it has been judged."),
  })
  .superRefine(({ min, max }, { addIssue }) => {
    if (min !== undefined && max !== undefined && min >= max)
      addIssue({ code: "custom", path: ["max"], message: `is ${max}; it must be above min, which is ${min}` });
  });

const cost = {
  requests: z.number().int().positive(),
  tokens: z.number().int().positive(),
};

/** The fields that authors use most; the engine checks these and all others. */
const server = z
  .looseObject({
    model: z.string().describe("Id of the catalogue, such as llama-3.1-8b."),
    gpu: z.string().describe("Id of the catalogue, such as h100-sxm-80."),
    tensorParallel: z.number().optional().describe("GPUs that share each layer."),
    weights: z.string().optional().describe("Number format of the weights, bf16 unless you say otherwise."),
    kv: z.string().optional().describe("Number format of the KV cache, bf16 unless you say otherwise."),
    scheduler: z.looseObject({}).optional().describe("vLLM's options, such as maxNumBatchedTokens."),
  })
  .transform((given) => given as unknown as Server);

export const labSchema = z
  .strictObject({
    title: text.describe("Name of the lab; no two labs share one."),
    lesson: z
      .string()
      .regex(/^\d\d-[a-z0-9-]+$/, "must be the file name of a lesson without .mdx, such as 01-introduction")
      .optional()
      .describe(
        "Lesson it belongs to: a file name in content/lessons without .mdx. Without one it is shown on the labs page only.",
      ),
    question: text.describe("The one question the lab answers; shown under the title."),
    minutes: z.number().int().positive().describe("How long it takes."),
    steps: z
      .array(text)
      .min(1)
      .describe("What to do, in order: change something that works before making something new."),
    prediction: prediction.optional().describe("Asked before the first run, compared with what the solution says."),
    params: z
      .record(z.string(), z.union([slider, select]))
      .default({})
      .describe("Sliders and selects, read with param(name)."),
    server: server.optional().describe("The simulated server that benchmark and openStream run on."),
    parameters: z
      .string()
      .default("course-h100-v1")
      .describe("Named parameter set of every server without one of its own."),
    seed: z.number().int().nonnegative().default(1).describe("The seed of a run; checks draw fresh ones."),
    hints: z
      .array(text)
      .default([])
      .describe("Shown one after the other, when asked for: from a nudge to nearly the answer. Three are usual."),
    debrief: text.describe("Shown once every check passes: what to take away."),
    stretch: text.optional().describe("A harder question for those who want one."),
    targets: z
      .array(z.enum(["simulated", "endpoint"]))
      .min(1)
      .default(["simulated"])
      .describe(
        "Where it can run. endpoint: what is measured, an endpoint by URL or the engine in the tab; its code calls benchmark or openStream.",
      ),
    budget: z
      .strictObject({
        requests: cost.requests.describe("Requests that one press of Run may send, warm-up included."),
        tokens: cost.tokens.describe("Prompt and output tokens that one press of Run may ask for."),
      })
      .default({ requests: 200, tokens: 200_000 })
      .describe(
        "The most that one press of Run may spend, over all its measurements, warm-ups included; more is refused before it is sent.",
      ),
    sends: z
      .strictObject({
        requests: cost.requests.describe("Requests of the whole run, warm-ups included."),
        tokens: cost.tokens.describe("Prompt and output tokens of all of them."),
      })
      .optional()
      .describe(
        "For a lab that calls benchmark more than once: what one press of Run sends in all while the controls stand at their defaults, so that the learner is asked once, for the sum.",
      ),
    limit: z
      .number()
      .min(1)
      .max(60)
      .default(10)
      .describe("Seconds without a sign of life after which the code is stopped, 60 at most."),
    traces: z
      .array(z.enum(shippedTraces as [string, ...string[]]))
      .default([])
      .describe(
        "Recorded traffic that the lab replays with trace(name). Its size, source and licence are shown, and its data are fetched before the first run.",
      ),
    files: z
      .array(z.string().regex(/^[a-z0-9-]+\.ts$/, "must be a file of this folder, such as show.ts"))
      .default([])
      .describe("Further files of the folder that main.ts may import as ./name.ts; read-only."),
  })
  .superRefine((lab, { addIssue }) => {
    const fault = (path: readonly PropertyKey[], message: string) =>
      addIssue({ code: "custom", path: [...path], message });
    const primary = Object.values(lab.params).filter((param) => param.primary === true).length;
    if (primary > 3) fault(["params"], `has ${primary} primary controls; a lab has three at most`);
    if (!(lab.parameters in parameterSets)) {
      fault(["parameters"], `is ${lab.parameters}; it must be one of ${Object.keys(parameterSets).join(", ")}`);
    } else if (lab.server !== undefined) {
      try {
        resolveServer({ ...lab.server, parameters: lab.server.parameters ?? lab.parameters });
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        fault(["server", ...error.field.replace(/^server\./, "").split(".")], error.message);
      }
    }
    if (lab.sends !== undefined) {
      if (!lab.targets.includes("endpoint")) fault(["sends"], "is for labs with the target endpoint only");
      for (const what of ["requests", "tokens"] as const) {
        if (lab.sends[what] > lab.budget[what])
          fault(["sends", what], `is ${lab.sends[what]}, more than the budget's ${lab.budget[what]}`);
      }
    }
  });

export type LabDefinition = z.infer<typeof labSchema>;
export type ParamDefinition = LabDefinition["params"][string];

/** @throws FaultyLab that says of every fault in which file and line it is, and how to mend it. */
export function parseLab(yaml: string, file: string): LabDefinition {
  const read = readYaml(yaml, file, labSchema);
  if ("faults" in read) throw new FaultyLab(read.faults);
  return read.value;
}

/** Each parameter at its default. */
export function defaultParams(definition: LabDefinition): Readonly<Record<string, number | string>> {
  return Object.fromEntries(Object.entries(definition.params).map(([name, { default: value }]) => [name, value]));
}

/** Each slider at either end and each select at every option, the others at their defaults: where code breaks if it does. */
export function paramCorners(definition: LabDefinition): readonly Readonly<Record<string, number | string>>[] {
  const at = defaultParams(definition);
  return Object.entries(definition.params).flatMap(([name, param]) =>
    ("options" in param ? param.options : [param.min, param.max])
      .filter((value) => value !== param.default)
      .map((value) => ({ ...at, [name]: value })),
  );
}
