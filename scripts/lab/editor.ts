/** Builds Monaco as a bundle of its own: its styles stay out of the pages' heads, and the site build never sees its thousand modules. */
import { relative } from "node:path";
import { build, type BuildOptions } from "esbuild";
import { digest, emitAs, out, root, type Outputs } from "./output.ts";

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  write: false,
  minify: true,
  target: "es2023",
  legalComments: "none",
  outdir: out,
  loader: { ".ttf": "file" },
  assetNames: "[name]",
};

export async function buildEditor(): Promise<Outputs> {
  const editor = await build({
    ...common,
    entryPoints: { editor: "src/lab/editor/monaco.ts" },
    format: "esm",
    splitting: true,
  });
  const workers = await build({
    ...common,
    entryPoints: {
      "editor.worker": "monaco-editor/editor/editor.worker.js",
      "ts.worker": "monaco-editor/languages/features/typescript/ts.worker.js",
    },
    format: "iife",
  });
  const files = [...(editor.outputFiles ?? []), ...(workers.outputFiles ?? [])];
  const folder = `editor-${digest(files.map(({ hash }) => hash).join())}`;
  for (const { path, contents } of files)
    await emitAs(`${folder}/${relative(out, path).replaceAll("\\", "/")}`, contents);
  return { editor: `${folder}/editor.js`, editorStyle: `${folder}/editor.css` };
}
