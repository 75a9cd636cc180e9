/** Builds what labs load beside the site's own bundle into public/generated/: `npm run build:lab`. Steps whose inputs are unchanged are skipped. */
import { stop } from "esbuild";
import { accuracyInputs, buildAccuracy } from "./lab/accuracy.ts";
import { buildCompiler } from "./lab/compiler.ts";
import { declarations } from "./lab/declarations.ts";
import { buildEditor } from "./lab/editor.ts";
import { buildEndpointWorker } from "./lab/endpoint-worker.ts";
import { buildLabs, type BuiltLabs } from "./lab/labs.ts";
import { buildReference } from "./reference/build-reference.ts";
import { labInputs } from "./lab/lab-folders.ts";
import { fronts } from "./lab/fronts.ts";
import { keepOnly, labCode, step, writeManifest } from "./lab/output.ts";
import { buildPictures } from "./lab/pictures.ts";
import { buildProject } from "./lab/project.ts";
import { buildSandbox } from "./lab/sandbox.ts";
import { buildTabEngine } from "./lab/tab-engine.ts";
import { buildTraces } from "./lab/traces.ts";

const began = performance.now();
const date = Date.now();

const sandbox = await step("sandbox", labCode, ["esbuild", "esbuild-wasm"], buildSandbox);
const compiler = await step("compiler", ["src/lab/compile"], ["esbuild", "esbuild-wasm"], buildCompiler);
const declared = await declarations();
const project = await step(
  "project",
  [...labCode, "src/project", "src/components/charts", "src/styles/tokens.css"],
  ["esbuild"],
  buildProject,
);
const reference = await step(
  "reference",
  [...labCode, "src/reference", "scripts/reference"],
  ["typescript"],
  buildReference,
);
const editor = await step("editor", ["src/lab/editor"], ["monaco-editor", "esbuild"], buildEditor);
const endpoint = await step("endpoint worker", ["src/engine", "src/endpoint"], ["esbuild"], buildEndpointWorker);
const tab = await step("tab engine", ["src/engine", "src/endpoint"], ["@wllama/wllama", "esbuild"], buildTabEngine);
const traces = await step("traces", ["src/engine/workload/traces"], [], buildTraces);
let failed: BuiltLabs["failed"] = {};
const labs = await step(
  "labs",
  [...labCode, ...labInputs()],
  ["esbuild", "esbuild-wasm"],
  async () => {
    const built = await buildLabs();
    ({ failed } = built);
    return built.outputs;
  },
  () => Object.keys(failed).length === 0,
);

const pictures = await step(
  "pictures",
  [...labCode, ...labInputs(), "src/project", "src/components/charts", "src/styles/tokens.css"],
  ["esbuild"],
  () => buildPictures(labs),
);
const searched = await fronts();

const accuracy = await step("accuracy", accuracyInputs, [], buildAccuracy);

await writeManifest({
  accuracy,
  ...sandbox,
  ...compiler,
  ...declared,
  ...project,
  ...reference,
  ...editor,
  ...endpoint,
  ...tab,
  traces,
  labs,
  pictures,
  fronts: searched,
  failed,
});
await keepOnly(
  [sandbox, compiler, declared, project, reference, editor, endpoint, tab, traces, labs, pictures, searched, accuracy],
  date,
);
await stop();
for (const message of Object.values(failed)) console.error(message);
console.log(`lab pieces ready in ${((performance.now() - began) / 1000).toFixed(1)} s`);
process.exit(Object.keys(failed).length === 0 ? 0 : 1);
