/** Reads a YAML file of a lab against its schema; whatever is wrong is said with file, line and what to do. */
import { isMap, isPair, isScalar, LineCounter, parseDocument, type Document, type YAMLError } from "yaml";
import type { z } from "zod";
import { nearest } from "../engine/nearest.ts";
import { inWords } from "./check-numbers.ts";
import type { Fault } from "./fault.ts";

type Path = readonly PropertyKey[];

export interface ReadYaml<T> {
  readonly value: T;
  /** 1-based line of the node at a path. */
  lineOf(path: Path): number;
}

export function readYaml<Schema extends z.ZodType>(
  text: string,
  file: string,
  schema: Schema,
): ReadYaml<z.output<Schema>> | { readonly faults: readonly Fault[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const slip = indentSlip(text) ?? openQuote(text, document.errors);
    if (slip !== null) return { faults: [{ file, ...slip }] };
    const faults = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return { file, line, column: col, ...syntaxWords(error) };
    });
    // One slip often breaks the parser more than once.
    return { faults: faults.filter(({ line }, i) => faults.findIndex((other) => other.line === line) === i) };
  }
  const placeOf = (path: Path) => {
    const { line, col } = lines.linePos(offsetOf(document, path));
    return { line, column: col };
  };
  const given: unknown = document.toJS();
  const parsed = schema.safeParse(given);
  if (parsed.success) return { value: parsed.data, lineOf: (path) => placeOf(path).line };
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, given, schema));
  return { faults: problems.map(({ path, ...words }) => ({ file, ...placeOf(path), ...words })) };
}

interface Problem {
  readonly path: Path;
  readonly says: string;
  readonly fix?: string;
}

type Issue = z.core.$ZodIssue;

function problemsOf(issue: Issue, given: unknown, schema: z.ZodType, above: Path = []): readonly Problem[] {
  const path = [...above, ...issue.path];
  const value = valueAt(given, path);
  const name = `\`${path.map(String).join(".") || "the file"}\``;
  if (issue.code === "unrecognized_keys") {
    const known = fieldsOf(fieldAt(schema, path, given), value);
    return issue.keys.map((key) => ({
      path: [...path, key],
      says: `\`${key}\` is not a field${path.length === 0 ? "" : ` of ${name}`}.`,
      fix: suggestion(key, known),
    }));
  }
  if (issue.code === "invalid_union") {
    const index = unionIndex(value);
    const branch = issue.errors[index] ?? [];
    if (typeof value === "object" && branch.length > 0) {
      return branch.flatMap((inner) => problemsOf(inner, given, schema, path));
    }
  }
  const about = fieldAt(schema, path, given)?.description;
  if (value === undefined) {
    return [{ path, says: `${name} is missing.`, ...(about === undefined ? {} : { fix: about }) }];
  }
  if (issue.code === "custom")
    return [
      {
        path,
        says:
          issue.message.startsWith("is ") || issue.message.startsWith("has ")
            ? `${name} ${issue.message}.`
            : `${issue.message}.`,
      },
    ];
  if (issue.code === "invalid_format") return [{ path, says: `${name} is ${inWords(value)}; it ${issue.message}.` }];
  if (issue.code === "too_small" || issue.code === "too_big")
    return [{ path, says: `${name} ${sizeWords(issue, value)}.` }];
  if (issue.code === "invalid_value") {
    const values = issue.values.map(String);
    return [{ path, says: `${name} is ${inWords(value)}; it must be one of ${values.join(", ")}.` }];
  }
  if (issue.code === "invalid_type") return [wrongType(path, name, issue.expected, value)];
  return [{ path, says: `${name}: ${issue.message}.` }];
}

const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "fields with values",
  record: "fields with values",
};

function wrongType(path: Path, name: string, expected: string, value: unknown): Problem {
  const says = `${name} is ${kindWords(value)}; it must be ${kinds[expected] ?? expected}.`;
  const isMapping = typeof value === "object" && value !== null && !Array.isArray(value);
  if (expected === "string" && isMapping) {
    return { path, says, fix: "A colon makes fields of a text: put the text in quotes, or on the lines after `|-`." };
  }
  if (expected === "string" && value !== null) return { path, says, fix: "Put it in quotes." };
  return { path, says };
}

function kindWords(value: unknown): string {
  if (value === null) return "empty";
  return typeof value === "object" && !Array.isArray(value) ? "a list of fields" : inWords(value);
}

function sizeWords(issue: Extract<Issue, { code: "too_small" | "too_big" }>, value: unknown): string {
  const [bound, side] =
    issue.code === "too_small"
      ? [issue.minimum, issue.inclusive === false ? "above" : "at least"]
      : [issue.maximum, issue.inclusive === false ? "below" : "at most"];
  if (typeof value === "string") return "is empty";
  if (Array.isArray(value)) return `has ${value.length} entries; it needs ${side} ${bound}`;
  return `is ${inWords(value)}; it must be ${side} ${bound}`;
}

/** What is likely meant, or else all there is. */
export function suggestion(wanted: string, known: readonly string[]): string {
  const [best] = nearest(wanted, known, 1);
  return best === undefined ? `It must be one of ${known.join(", ")}.` : `Did you mean \`${best}\`?`;
}

type Slip = Pick<Fault, "line" | "column" | "says" | "fix">;

/** A tab, or a blank that is none, where a line is indented: the parser trips over it later, and elsewhere. */
function indentSlip(text: string): Slip | null {
  for (const [i, line] of text.split("\n").entries()) {
    const found = /^ *([\t\u00A0\u2000-\u200B\u3000])/.exec(line);
    if (found === null) continue;
    const what = found[1] === "\t" ? "a tab" : "another blank, which only looks like one";
    return { line: i + 1, column: found[0].length, says: `YAML is indented with spaces; this is ${what}.` };
  }
  return null;
}

/** A quote that nothing closes swallows the rest of the file, so the parser tells of its end. */
function openQuote(text: string, errors: readonly YAMLError[]): Slip | null {
  if (!errors.some(({ message }) => /Missing closing ['"]quote/.test(message))) return null;
  for (const [i, line] of text.split("\n").entries()) {
    const found = /^(\s*(?:- +)?(?:[\w-]+: +)?)(["'])/.exec(line);
    if (found === null || line.slice(found[0].length).includes(found[2]!)) continue;
    return {
      line: i + 1,
      column: found[1]!.length + 1,
      says: "A quote is opened here and never closed.",
      fix: "Close it where the text ends.",
    };
  }
  return null;
}

function syntaxWords({ code, message }: YAMLError): { says: string; fix?: string } {
  const says = `${message.replace(/ at line \d+, column \d+:?$/, "").replace(/\.?$/, ".")}`;
  if (code === "DUPLICATE_KEY") return { says: "This field is there twice.", fix: "Keep one." };
  if (code === "MULTIPLE_DOCS")
    return { says: "`---` begins a second document here, and a lab has one.", fix: "Take that line out." };
  if (code === "TAB_AS_INDENT") return { says: "YAML is indented with spaces; this is a tab." };
  if (code === "BLOCK_AS_IMPLICIT_KEY" || /nested mappings|implicit (map )?key/i.test(message)) {
    return {
      says: "A colon followed by a space begins a value.",
      fix: "Put the text in quotes, or on the lines after `|-`.",
    };
  }
  if (code === "BAD_SCALAR_START" || code === "BAD_ALIAS" || code === "MISSING_CHAR" || code === "UNEXPECTED_TOKEN") {
    return {
      says,
      fix: "A text that begins with one of ` @ * & ! % [ { or a quote belongs in quotes, or on the lines after `|-`.",
    };
  }
  return { says };
}

/** Where a path begins in the text: at its key where it has one, else at the nearest thing above it. */
function offsetOf(document: Document, path: Path): number {
  for (let depth = path.length; depth > 0; depth--) {
    const parent = document.getIn(path.slice(0, depth - 1), true) ?? document.contents;
    const key = path[depth - 1];
    if (isMap(parent)) {
      const pair = parent.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key),
      );
      if (pair !== undefined && isScalar(pair.key) && pair.key.range) return pair.key.range[0];
    } else {
      const node = document.getIn(path.slice(0, depth), true) as { range?: readonly number[] } | undefined;
      if (node?.range?.[0] !== undefined) return node.range[0];
    }
  }
  return 0;
}

function valueAt(given: unknown, path: Path): unknown {
  let value = given;
  for (const key of path) value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  return value;
}

/** Which of two forms is meant: a slider or a select, one change or several. The second is told by a field of its own. */
function unionIndex(value: unknown): number {
  return typeof value === "object" && value !== null && ("options" in value || "changes" in value) ? 1 : 0;
}

interface Definition {
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly shape?: Readonly<Record<string, z.ZodType>>;
}
const definitionOf = (schema: z.ZodType) => schema.def as unknown as Definition;

/** The schema that a path is held to, with its description. */
function fieldAt(schema: z.ZodType, path: Path, given: unknown): z.ZodType | undefined {
  let at: z.ZodType | undefined = schema;
  let value = given;
  for (const key of path) {
    const { shape, element, valueType } = definitionOf(bare(at, value));
    at = shape?.[String(key)] ?? element ?? valueType;
    if (at === undefined) return undefined;
    value = valueAt(value, [key]);
  }
  return at;
}

/** Without default, optional, transform and, where it is clear which, union around it. */
function bare(schema: z.ZodType, value: unknown): z.ZodType {
  const { innerType, in: input, options } = definitionOf(schema);
  const inner = innerType ?? input ?? (options === undefined ? undefined : options[unionIndex(value)]);
  return inner === undefined ? schema : bare(inner, value);
}

function fieldsOf(schema: z.ZodType | undefined, value: unknown): readonly string[] {
  return schema === undefined ? [] : Object.keys(definitionOf(bare(schema, value)).shape ?? {});
}
