/** What the page knows of a lab from the start, and the compiled code it fetches once the lab comes into view. */
import type { Server } from "../engine/server.ts";
import type { Compiled } from "./compile/compiler.ts";
import type { LabDefinition } from "./definition.ts";
import type { Phrases } from "./phrases.ts";

/** Server-rendered with the lab; URLs are absolute paths under the site's base. */
export interface LabSetup {
  readonly id: string;
  readonly title: string;
  readonly starter: string;
  readonly starterHash: string;
  readonly params: LabDefinition["params"];
  readonly prediction?: NonNullable<LabDefinition["prediction"]>;
  readonly server?: Server;
  readonly parameters: string;
  readonly seed: number;
  readonly targets: readonly LabDefinition["targets"][number][];
  readonly budget: LabDefinition["budget"];
  /** What one run of the untouched lab sends, warm-up included, where the lab says so: asked for at once. */
  readonly sends?: { readonly requests: number; readonly tokens: number };
  readonly limit: number;
  /** Names of the checks; the free workspace has none, and so nothing to pass or to solve. */
  readonly checks: readonly string[];
  readonly text: LabText;
  /** Further files that main.ts may import, by name; read-only. */
  readonly files: Readonly<Record<string, string>>;
  /** Its main chart as correct code draws it, for pages without JavaScript. */
  readonly picture?: { readonly url: string; readonly says: string };
  /** Recorded traffic that lab.yaml says it replays. */
  readonly traces?: readonly TraceCredit[];
  /** A preview: what is done in it is no progress, and is gone with the page. */
  readonly passing?: true;
  readonly urls: LabUrls;
  /** On a page that is not in English. */
  readonly language?: LabLanguage;
}

/** In which words a lab speaks, and what of it has none in that language. */
export interface LabLanguage {
  /** A BCP 47 tag. */
  readonly lang: string;
  /** What its checks and its code say, by what they say in English. */
  readonly phrases: Phrases;
  /** Fields of lab.yaml that stand in English here, "checks" among them. */
  readonly missing: readonly string[];
}

/** A shipped trace as it lies on the site. */
export interface TraceFile {
  readonly url: string;
  /** Unpacked, as they are counted while they come. */
  readonly bytes: number;
}

/** Which trace, and whose. */
export interface TraceCredit {
  readonly name: string;
  readonly requests: number;
  readonly source: string;
  readonly licence: string;
}

/** What a lab says in words; `code` stands between backticks. */
export interface LabText {
  readonly question: string;
  readonly steps: readonly string[];
  readonly hints: readonly string[];
  /** Absent in the free workspace, which takes as long as one likes and teaches nothing in particular. */
  readonly minutes?: number;
  readonly debrief?: string;
  readonly stretch?: string;
}

export interface LabUrls {
  readonly sandbox: string;
  readonly compileWorker: string;
  readonly compileWasm: string;
  readonly declarations: string;
  /** perflab.mjs of a downloaded lab. */
  readonly project: string;
  readonly editor: string;
  readonly editorStyle: string;
  /** Of the reference of perflab: its address, and the file that says what stands where under it. */
  readonly reference: string;
  readonly referencePages: string;
  /** What Monaco fetches, with its size uncompressed: so that its arrival can be shown. */
  readonly editorParts: readonly { readonly url: string; readonly bytes: number }[];
  readonly endpointWorker?: string;
  /** Worker of the engine that runs in the tab. */
  readonly tabEngine?: string;
  readonly code: string;
  readonly modules: string;
  /** Files of the shipped traces, by name. */
  readonly traces?: Readonly<Record<string, TraceFile>>;
}

/** One lab's compiled code, as the build wrote it. */
export interface LabCode {
  readonly starter: Compiled;
  readonly solution: Compiled;
  readonly checks: Compiled;
  readonly checkNames: readonly string[];
  readonly solutionSource: string;
  readonly files: Readonly<Record<string, string>>;
}
