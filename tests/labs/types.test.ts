/** Labs are type-checked as the editor checks them: starters, solutions, checks, and every wrong answer as a change to its solution. */
import { readdirSync } from "node:fs";
import { join, sep } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import { labFolder, labIds, readLabFolder } from "../../scripts/lab/lab-folders.ts";
import { root } from "../../scripts/lab/output.ts";

/** An unused variable or import is what many a wrong answer is. */
const unused = new Set([6133, 6192, 6196, 6198]);

it("no file and no wrong answer of a lab has a type error", { timeout: 120_000 }, () => {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(root, "labs", "tsconfig.json"),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: ({ messageText }) => expect.fail(String(messageText)),
    },
  )!;
  const wrong = new Map(
    labIds().flatMap((id) =>
      (readLabFolder(id).sources?.wrong ?? []).map(({ name, code }) => [
        join(labFolder(id).path, `wrong: ${name}.ts`),
        code,
      ]),
    ),
  );
  const elsewhere = labIds()
    .map((id) => labFolder(id).path)
    .filter((path) => !path.startsWith(join(root, "labs") + sep))
    .flatMap((path) => readdirSync(path).flatMap((file) => (file.endsWith(".ts") ? [join(path, file)] : [])));
  expect(wrong.size).toBeGreaterThan(0);
  const host = ts.createCompilerHost(config.options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (file) => wrong.get(file) ?? readFile(file);
  host.fileExists = (file) => wrong.has(file) || fileExists(file);
  host.getSourceFile = (file, version, ...more) => {
    const code = wrong.get(file);
    return code === undefined ? getSourceFile(file, version, ...more) : ts.createSourceFile(file, code, version, true);
  };
  const program = ts.createProgram([...config.fileNames, ...elsewhere, ...wrong.keys()], config.options, host);
  const found = ts
    .getPreEmitDiagnostics(program)
    .filter(({ file, code }) => !(file !== undefined && wrong.has(file.fileName) && unused.has(code)));
  expect(ts.formatDiagnostics(found, { ...host, getNewLine: () => "\n" })).toBe("");
});
