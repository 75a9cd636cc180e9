/** The folder that `npm run new:lab` writes: a small lab that passes its proofs, with a comment wherever an author decides something. */

/** Files by name. `id` is the folder's name; `schemas`: the way from it to the folder with the JSON Schemas. */
export function newLab(id: string, schemas = ".."): Readonly<Record<string, string>> {
  const words = id.replaceAll("-", " ");
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  return {
    "lab.yaml": labYaml.replace("TITLE", title).replace("$schema=..", `$schema=${schemas}`),
    "starter.ts": code(starterBody),
    "solution.ts": code(solutionBody),
    "checks.ts": checks,
    "wrong.yaml": wrong.replace("$schema=..", `$schema=${schemas}`),
  };
}

/** Fields of lab.yaml that say what the lab is about: in one's own lab all of them are one's own. */
const ownFields = ["question", "debrief", "stretch"] as const;

/** What a lab begun with new:lab still has from there: its fields by name, with the line of each. */
export function stillToWrite(yaml: string): readonly { readonly field: string; readonly line: number }[] {
  const given = labYaml.split("\n");
  return yaml.split("\n").flatMap((text, i) => {
    const field = ownFields.find((name) => text.startsWith(`${name}: `));
    return field !== undefined && given.includes(text) ? [{ field, line: i + 1 }] : [];
  });
}

const labYaml = `# yaml-language-server: $schema=../lab.schema.json
# What the lab says about itself. The guide "Write a lab" has a table of all fields.
title: TITLE
# The lesson that embeds it, by file name; leave it out for a lab of the labs page alone.
# lesson: 01-introduction
question: How much longer does a prompt take when it is twice as long?
minutes: 10
# Change something that works first, then make something new.
steps:
  - Answer the prediction.
  - Press Run. The chart shows the time of a prompt over its length.
  - The function \`timePerToken\` gives the whole time. Make it give the time of one token.
  - Press Check.
# One number, asked before the first run. Its truth is the solution's export named under answer.
prediction:
  question: A prompt of 4,000 tokens takes how many times as long as one of 2,000?
  unit: times
  answer: twiceAsLong
  tolerance: 0.1
  min: 0
  explain: Each token costs the same work in the linear layers; attention adds a little more for a longer prompt.
# Sliders and selects. At most three are primary.
params:
  longest:
    label: Longest prompt
    unit: tokens
    min: 2000
    max: 16000
    step: 1000
    default: 8000
seed: 1
# Where to look, how it hangs together, which parts to use; none holds what the learner is to write.
hints:
  - What does the chart show when the time is divided by the tokens?
  - The time of one token is the time of all of them, divided by how many they are.
  - prefillStep tells the time of all of them, and tokens how many they are.
debrief: Prefill takes about the same time for each token, because its work is the work of the linear layers. Only long prompts pay for attention as well.
stretch: From which length on does attention make up a tenth of the time?
`;

const code = (body: string) => `import { chart, param, prefillStep, type Server } from "perflab";

const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };

/** Seconds of prefill for each token of a prompt. */
export function timePerToken(tokens: number): number {
${body}
}

const lengths = Array.from({ length: 16 }, (_, i) => ((i + 1) / 16) * param("longest"));
chart.line({
  title: "Prefill time of each token",
  x: { label: "Prompt", unit: "tokens" },
  y: { label: "Time per token", unit: "s" },
  series: [{ name: "llama-3.1-8b on one H100", points: lengths.map((x) => ({ x, y: timePerToken(x) })) }],
});

// For the prediction: whatever the controls say, this is about 4,000 and 2,000 tokens.
const seconds = (tokens: number) => prefillStep(server, { tokens }).seconds;
export const twiceAsLong = seconds(4000) / seconds(2000);
`;

const starterBody = "  return prefillStep(server, { tokens }).seconds; // Is this one token's?";
const solutionBody = "  return prefillStep(server, { tokens }).seconds / tokens;";

const checks = `import { prefillStep, type Server } from "perflab";
import { check, close, exportedFunction, that } from "perflab/checks";

const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };

export default [
  check("timePerToken is right for any prompt", (lab) => {
    const timePerToken = exportedFunction<(tokens: number) => number>(lab, "timePerToken(tokens)");
    // Every press of Check draws fresh seeds: take the cases from them.
    for (const tokens of [1, 100 + (lab.seed % 3000)]) {
      const all = prefillStep(server, { tokens }).seconds;
      const answer = timePerToken(tokens);
      // A mistake that people make is told apart first, so that the message can say what happened.
      that(tokens === 1 || answer !== all, {
        seen: \`\${answer} s a token for \${tokens} tokens\`,
        expected: \`\${all / tokens} s\`,
        why: "That is the time of the whole prompt.",
        hint: "How many tokens share it?",
      });
      close(answer, all / tokens, {
        relative: 1e-6,
        what: \`timePerToken(\${tokens}), in seconds:\`,
        why: "All tokens of a prompt are computed together, so each takes its share of the time.",
      });
    }
  }),
];
`;

const wrong = `# yaml-language-server: $schema=../wrong.schema.json
# Answers that people really give: what each changes in solution.ts, and a part of the message it must get.
- name: the whole prompt's time
  replace: .seconds / tokens
  with: .seconds
  mustGet: That is the time of the whole prompt
- name: the other way round
  replace: return prefillStep(server, { tokens }).seconds / tokens
  with: return tokens / prefillStep(server, { tokens }).seconds
  mustGet: each takes its share of the time
`;
