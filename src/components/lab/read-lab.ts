/** Reads a lab from its folder while the site is built: all that its surface needs. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseLab, type LabDefinition } from "../../lab/definition.ts";
import { FaultyLab } from "../../lab/fault.ts";
import { generatedPieces, type Generated } from "../../lab/generated.ts";
import { normaliseLines, sourceHash } from "../../lab/hash.ts";
import type { PackedTrace } from "../../engine/workload/traces/decode.ts";
import type { LabCode, LabSetup, LabUrls, TraceCredit, TraceFile } from "../../lab/setup.ts";
import { setupOf } from "../../lab/setup-of.ts";
import { readTranslation, translate } from "../../lab/translation.ts";
import { workspace } from "../../lab/workspace.ts";
import { labFolders, type LabFolder } from "../../project/lab-folders.ts";
import { pictureSays } from "../../project/picture.ts";

/**
 * `id`: name of the folder in labs/; `base`: the site's base path; `lang`: the language of the page, undefined being English.
 * Throws where there is no such lab, it is not compiled, or its translation is faulty.
 */
export function readLab(
  id: string,
  base: string,
  lang?: string,
): { readonly setup: LabSetup; readonly definition: LabDefinition } {
  const { path, at } = labFolder(id);
  const read = (file: string) => normaliseLines(readFileSync(join(path, file), "utf8"));
  const definition = parseLab(read("lab.yaml"), `${at}/lab.yaml`);
  const starter = read("starter.ts");
  const pieces = generatedPieces();
  const compiled = compiledOf(id, pieces);
  const { checkNames, files } = JSON.parse(
    readFileSync(join(process.cwd(), "public", "generated", compiled), "utf8"),
  ) as LabCode;
  const spoken = lang === undefined ? undefined : inLanguage(lang, path, at, definition, checkNames);
  const setup: LabSetup = {
    ...setupOf(spoken?.definition ?? definition, starter),
    ...(lang !== undefined && spoken && { language: { lang, phrases: spoken.phrases, missing: spoken.missing } }),
    id,
    checks: checkNames,
    files,
    ...(definition.traces.length > 0 && {
      traces: definition.traces.map((name) => creditOf(pieces.traces[name] ?? "")),
    }),
    ...pictureOf(pieces.pictures[id], (piece) => addressOf(base, piece)),
    urls: urlsOf(pieces, compiled, base),
  };
  return { setup, definition };
}

/** The lab as a page in `lang` shows it: translated as far as labs/<id>/<lang>.yaml goes. */
function inLanguage(lang: string, path: string, at: string, definition: LabDefinition, checks: readonly string[]) {
  const file = join(path, `${lang}.yaml`);
  if (!existsSync(file)) return translate(definition, undefined, checks);
  const { translation, faults } = readTranslation(readFileSync(file, "utf8"), `${at}/${lang}.yaml`, definition);
  if (faults.length > 0) throw new FaultyLab(faults);
  return translate(definition, translation, checks);
}

/** The free workspace, as a page shows it. Throws where it is not compiled. */
export function readWorkspace(base: string): LabSetup {
  const pieces = generatedPieces();
  const starter = normaliseLines(readFileSync(join(process.cwd(), "labs", `${workspace.id}.ts`), "utf8"));
  const urls = urlsOf(pieces, compiledOf(workspace.id, pieces), base);
  return { ...workspace, starter, starterHash: sourceHash(starter), urls };
}

function compiledOf(id: string, { labs, failed }: Generated): string {
  const compiled = labs[id];
  if (compiled === undefined)
    throw new Error(failed[id] ?? `labs/${id} is not compiled: run \`npm run build:lab\` first.`);
  return compiled;
}

const addressOf = (base: string, piece: string): string => `${base.replace(/\/?$/, "/")}generated/${piece}`;

/** `compiled`: the file of the lab's own code. */
function urlsOf(pieces: Generated, compiled: string, base: string): LabUrls {
  const url = (piece: string) => addressOf(base, piece);
  return {
    sandbox: url(pieces.sandbox),
    compileWorker: url(pieces.compileWorker),
    compileWasm: url(pieces.compileWasm),
    declarations: url(pieces.declarations),
    project: url(pieces.project),
    editor: url(pieces.editor),
    editorStyle: url(pieces.editorStyle),
    reference: `${base.replace(/\/?$/, "/")}reference/`,
    referencePages: url(pieces.referencePages),
    editorParts: partsOf(pieces.editor).map(({ file, bytes }) => ({ url: url(file), bytes })),
    ...(pieces.endpointWorker && { endpointWorker: url(pieces.endpointWorker) }),
    ...(pieces.tabEngine && { tabEngine: url(pieces.tabEngine) }),
    code: url(compiled),
    modules: url(pieces.labs["modules"] ?? ""),
    traces: traceFiles(pieces.traces, url),
  };
}

function pictureOf(file: string | undefined, url: (piece: string) => string): Pick<LabSetup, "picture"> {
  if (file === undefined) return {};
  const svg = readFileSync(join(process.cwd(), "public", "generated", file), "utf8");
  return { picture: { url: url(file), says: pictureSays(svg) } };
}

/** Where each shipped trace lies under the site's base, by name. Throws where the lab pieces are not built. */
export function shippedTraceFiles(base: string): Record<string, TraceFile> {
  return traceFiles(generatedPieces().traces, (piece) => addressOf(base, piece));
}

/** Where each shipped trace lies, with its size as it is counted while it comes. */
function traceFiles(
  traces: Readonly<Record<string, string>>,
  url: (piece: string) => string,
): Record<string, TraceFile> {
  return Object.fromEntries(
    Object.entries(traces).map(([name, file]) => [name, { url: url(file), bytes: statSync(generated(file)).size }]),
  );
}

function creditOf(file: string): TraceCredit {
  const { name, requests, source, licence } = JSON.parse(readFileSync(generated(file), "utf8")) as PackedTrace;
  return { name, requests, source, licence };
}

const generated = (file: string): string => join(process.cwd(), "public", "generated", file);

/** The files beside the editor's entry that it fetches when it starts. */
function partsOf(editor: string): readonly { readonly file: string; readonly bytes: number }[] {
  const folder = dirname(editor);
  const on = join(process.cwd(), "public", "generated", folder);
  return readdirSync(on)
    .filter((name) => /\.(js|css)$/.test(name))
    .map((name) => ({ file: `${folder}/${name}`, bytes: statSync(join(on, name)).size }));
}

/** Every lab by name, wherever its folder lies. */
export function labIds(): readonly string[] {
  return labFolders(process.cwd()).map(({ id }) => id);
}

/** @throws Error that lists the labs where there is none of that name. */
export function labFolder(id: string): LabFolder {
  const folders = labFolders(process.cwd());
  const found = folders.find((folder) => folder.id === id);
  if (found !== undefined) return found;
  const known = folders.map((folder) => folder.id).join(", ");
  throw new Error(`There is no lab "${id}". There are ${known}; \`npm run new:lab\` makes one.`);
}
