/** The files of a downloaded lab: it runs with `node run.mjs` and no install, and is edited like any other project. */
import type { Server } from "../engine/server.ts";
import type { LabSetup } from "./setup.ts";

/** lab.json: what the page would have given the code. */
export interface ProjectFile {
  readonly title: string;
  readonly seed: number;
  readonly params: Readonly<Record<string, number | string>>;
  /** Values that a param may have, where it is one of a list. */
  readonly options: Readonly<Record<string, readonly (string | number)[]>>;
  readonly server?: Server;
  /** Named parameter set of the engine. */
  readonly parameters: string;
}

/** What goes in besides the lab's own setup. */
export interface ProjectParts {
  readonly code: string;
  /** The code as the page would run it. */
  readonly compiled: string;
  readonly params: Readonly<Record<string, number | string>>;
  /** Text of perflab.mjs. */
  readonly perflab: string;
  readonly declarations: { readonly perflab: string; readonly globals: string };
  /** Packed traces that the code replays, by name. */
  readonly traces: Readonly<Record<string, string>>;
}

/** Text by file name, in one folder named after the lab. */
export function projectFiles(setup: LabSetup, parts: ProjectParts): Readonly<Record<string, string>> {
  const { id, title, seed, server, parameters } = setup;
  const options = Object.fromEntries(
    Object.entries(setup.params).flatMap(([name, param]) => ("options" in param ? [[name, param.options]] : [])),
  );
  const lab: ProjectFile = { title, seed, params: parts.params, options, ...(server && { server }), parameters };
  const files: Record<string, string> = {
    "README.md": readme(setup),
    "package.json": json({
      // Its own name is how its files import it.
      name: "perflab",
      private: true,
      type: "module",
      description: `${title}: a lab of AI Performance Engineering`,
      license: "MIT",
      engines: { node: ">=20" },
      scripts: { start: "node run.mjs" },
      exports: { ".": { types: "./perflab.d.ts", default: "./perflab.mjs" } },
    }),
    "tsconfig.json": json({
      compilerOptions: {
        target: "es2023",
        module: "nodenext",
        lib: ["es2023", "dom"],
        strict: true,
        noEmit: true,
        allowImportingTsExtensions: true,
      },
      include: ["*.ts"],
    }),
    "run.mjs":
      'import { runProject } from "./perflab.mjs";\n\nawait runProject(import.meta.url, process.argv.slice(2));\n',
    "main.ts": parts.code,
    "lab.mjs": parts.compiled,
    "lab.json": json(lab),
    "perflab.mjs": parts.perflab,
    "perflab.d.ts": parts.declarations.perflab,
    "globals.d.ts": parts.declarations.globals,
    ...setup.files,
    ...Object.fromEntries(Object.entries(parts.traces).map(([name, text]) => [`traces/${name}.json`, text])),
  };
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${id}/${name}`, text]));
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function readme({ title, text, params }: LabSetup): string {
  const [param] = Object.keys(params);
  return `# ${title}

${text.question}

    node run.mjs                 # your code as you downloaded it, compiled (Node 20 or newer)
    node run.mjs main.ts         # your code as it stands in main.ts (Node 22.18 or newer runs TypeScript)
    node run.mjs --seed 3${param === undefined ? "" : ` --${param} …`}    # another seed${param === undefined ? "" : " or value"}; --help lists them all

Nothing needs to be installed. Pictures (SVG), data (CSV) and each Run (vLLM's JSON) are written to results/. The lab's page takes
those Runs in again under "Runs", beside its own.

It runs on the simulated server of the course, with the same numbers as in the browser: simulated, not measured.
perflab.d.ts says what \`import … from "perflab"\` offers; an editor reads it from here.

From the course AI Performance Engineering, MIT licence.
`;
}
