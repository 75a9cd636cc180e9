/** Compiles a lab's TypeScript to one JavaScript module with esbuild: the same call in Node (site build) and in the browser (edited code). */
import type { BuildFailure, BuildOptions, BuildResult, Plugin } from "esbuild-wasm";

/** 1-based line, 0-based column, as esbuild counts. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly text: string;
}

export interface Compiled {
  readonly code: string;
  /** Source map v3, without the sources' text. */
  readonly map: string;
}

export type Compilation =
  { readonly ok: true; readonly compiled: Compiled } | { readonly ok: false; readonly problems: readonly Problem[] };

export interface Sources {
  readonly entry: string;
  /** Text by file name; files may import each other as "./name.ts". */
  readonly files: Readonly<Record<string, string>>;
  /** Export names by module, for the modules this code may import. */
  readonly modules: Readonly<Record<string, readonly string[]>>;
}

interface Esbuild {
  build(options: BuildOptions): Promise<BuildResult>;
}

/** Never rejects on faulty source: what is wrong with it is the answer. */
export async function compile(esbuild: Esbuild, sources: Sources): Promise<Compilation> {
  const deep = Object.entries(sources.files).flatMap(([file, text]) => tooDeep(file, text) ?? []);
  if (deep.length > 0) return { ok: false, problems: deep };
  try {
    const built = await esbuild.build({
      entryPoints: [sources.entry],
      bundle: true,
      write: false,
      outdir: "/",
      format: "esm",
      target: "es2023",
      charset: "utf8",
      sourcemap: "external",
      sourcesContent: false,
      legalComments: "none",
      logLevel: "silent",
      plugins: [labFiles(sources)],
      tsconfigRaw: "{}",
    });
    const file = (end: string) => built.outputFiles?.find(({ path }) => path.endsWith(end))?.text ?? "";
    return { ok: true, compiled: { code: file(".js"), map: file(".map") } };
  } catch (failure) {
    const { errors } = failure as Partial<BuildFailure>;
    if (errors === undefined) throw failure;
    return {
      ok: false,
      problems: errors.map(({ text, location }) => ({
        file: location?.file.replace(/^lab:/, "") ?? sources.entry,
        line: location?.line ?? 1,
        column: location?.column ?? 0,
        length: location?.length ?? 0,
        text: plain(text),
      })),
    };
  }
}

/** Brackets within brackets that esbuild's stack holds in a browser, with room to spare. */
const mostDepth = 256;

/** Brackets in texts and comments count too: an estimate errs only where no honest code comes near. */
function tooDeep(file: string, text: string): Problem | null {
  let depth = 0;
  let line = 1;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10) {
      line++;
      start = at + 1;
    } else if (code === 40 || code === 91 || code === 123) depth++;
    else if (code === 41 || code === 93 || code === 125) depth = Math.max(0, depth - 1);
    if (depth > mostDepth) {
      const said = `More than ${mostDepth} brackets stand within each other here, which is deeper than the compiler goes. Write it in smaller steps.`;
      return { file, line, column: at - start, length: 1, text: said };
    }
  }
  return null;
}

/** Lab files from memory, allowed modules as shims, and a located error for every other import. */
function labFiles({ entry, files, modules }: Sources): Plugin {
  return {
    name: "lab",
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, kind }) => {
        if (kind === "entry-point") return { path: entry, namespace: "lab" };
        if (path in modules) return { path, namespace: "module", sideEffects: false };
        const name = path.replace(/^\.\//, "");
        const found = [name, `${name}.ts`].find((candidate) => candidate in files);
        if (path.startsWith("./") && found !== undefined) return { path: found, namespace: "lab" };
        const allowed = Object.keys(modules).map((module) => `"${module}"`);
        return {
          errors: [{ text: `A lab can import only ${allowed.join(" and ")}: "${path}" is not available here.` }],
        };
      });
      build.onLoad({ filter: /.*/, namespace: "lab" }, ({ path }) => ({ contents: files[path] ?? "", loader: "ts" }));
      build.onLoad({ filter: /.*/, namespace: "module" }, ({ path }) => ({
        contents: moduleShim(path, modules[path] ?? []),
        loader: "js",
      }));
    },
  };
}

/** A module that reads its exports from the shelf that `bindLab` fills: the engine is in the worker already and never bundled again. */
function moduleShim(path: string, names: readonly string[]): string {
  const lines = names.map((name) => `export const ${name} = /* @__PURE__ */ get(${JSON.stringify(name)});`);
  return `const get = (name) => globalThis[Symbol.for("perflab")][${JSON.stringify(path)}][name];\n${lines.join("\n")}\n`;
}

function plain(text: string): string {
  const missing = /^No matching export in "module:([^"]+)" for import "([^"]+)"$/.exec(text);
  return missing === null ? text : `"${missing[1]}" has no export named "${missing[2]}".`;
}
