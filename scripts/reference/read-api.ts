/** Reads what "perflab" and "perflab/checks" export out of the code itself: signatures, docstrings, parameters and where each is. */
import { join, relative } from "node:path";
import ts from "typescript";
import { root } from "../lab/output.ts";
import { readGroups, type Group } from "./groups.ts";

export interface Member {
  readonly name: string;
  readonly type: string;
  readonly docs: string;
  readonly optional: boolean;
}

export interface Parameter extends Member {
  /** Fields of an object that is spelled out in place. */
  readonly fields: readonly Member[];
}

export interface Entry {
  readonly name: string;
  readonly module: "perflab" | "perflab/checks";
  readonly kind: "function" | "value" | "class" | "type";
  readonly group: Group;
  /** From the root of the repository. */
  readonly file: string;
  readonly line: number;
  /** TypeScript, as in the source, without a body. */
  readonly signature: string;
  readonly docs: string;
  readonly parameters: readonly Parameter[];
  readonly returns: { readonly type: string; readonly docs: string } | null;
  /** What it throws and when, in sentences. */
  readonly errors: readonly string[];
  /** Of an object that holds functions or data. */
  readonly members: readonly Member[];
}

const modules = { perflab: "src/lab/perflab.ts", "perflab/checks": "src/lab/checks.ts" } as const;

export function readApi(): Entry[] {
  const config = ts.readConfigFile(join(root, "tsconfig.json"), (file) => ts.sys.readFile(file));
  const { options } = ts.convertCompilerOptionsFromJson(
    { ...(config.config as { compilerOptions: object }).compilerOptions, strict: true, types: [] },
    root,
  );
  const program = ts.createProgram(
    Object.values(modules).map((file) => join(root, file)),
    options,
  );
  const reader = new Reader(program.getTypeChecker());
  return Object.entries(modules).flatMap(([name, file]) => {
    const source = program.getSourceFile(join(root, file));
    if (source === undefined) throw new Error(`${file} is not there`);
    return reader.read(name as Entry["module"], source);
  });
}

class Reader {
  readonly #checker: ts.TypeChecker;
  readonly #groups = readGroups();

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  read(module: Entry["module"], source: ts.SourceFile): Entry[] {
    const symbol = this.#checker.getSymbolAtLocation(source);
    const found = symbol ? this.#checker.getExportsOfModule(symbol) : [];
    return found.map((each) => this.#entry(module, each)).filter((entry) => entry !== null);
  }

  #entry(module: Entry["module"], exported: ts.Symbol): Entry | null {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(exported) : exported;
    const node = symbol.declarations?.[0];
    if (node === undefined) return null;
    const source = node.getSourceFile();
    const file = relative(root, source.fileName).replaceAll("\\", "/");
    const docs = textOf(symbol.getDocumentationComment(this.#checker));
    const call = ts.isFunctionDeclaration(node) ? this.#checker.getSignatureFromDeclaration(node) : undefined;
    const tags = symbol.getJsDocTags(this.#checker);
    return {
      name: exported.name,
      module,
      kind: kindOf(node),
      group: this.#groups.groupOf(module, exported.name, file),
      file,
      line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1,
      signature: this.#signature(node, symbol),
      docs,
      parameters: call ? this.#parameters(call, tags) : [],
      returns: call
        ? {
            type: this.#typeText(this.#checker.getReturnTypeOfSignature(call), node),
            docs: tagged(tags, "returns"),
          }
        : null,
      errors: errorsOf(docs, tags),
      members: ts.isVariableDeclaration(node) ? this.#members(this.#checker.getTypeOfSymbol(symbol), node) : [],
    };
  }

  #parameters(call: ts.Signature, tags: readonly ts.JSDocTagInfo[]): Parameter[] {
    return call.getParameters().map((parameter) => {
      const node = parameter.valueDeclaration as ts.ParameterDeclaration;
      const type = this.#checker.getTypeOfSymbolAtLocation(parameter, node);
      const spelledOut = node.type && /^\(?\s*\{/.test(node.type.getText());
      return {
        name: parameter.name.startsWith("__") ? "options" : parameter.name,
        type: node.type?.getText() ?? this.#typeText(type, node),
        docs: tagged(tags, "param", parameter.name),
        optional: node.questionToken !== undefined || node.initializer !== undefined,
        fields: spelledOut ? this.#members(type, node) : [],
      };
    });
  }

  #members(type: ts.Type, at: ts.Node): Member[] {
    const parts = type.isUnion() ? type.types : [type];
    const seen = new Map<string, Member>();
    for (const property of parts.flatMap((part) => this.#checker.getPropertiesOfType(part))) {
      const declared = property.valueDeclaration;
      if (declared?.getSourceFile().fileName.includes("node_modules")) continue;
      seen.set(property.name, {
        name: property.name,
        type: this.#typeText(this.#checker.getTypeOfSymbolAtLocation(property, at), at),
        docs: textOf(property.getDocumentationComment(this.#checker)),
        optional: (property.flags & ts.SymbolFlags.Optional) !== 0,
      });
    }
    return [...seen.values()];
  }

  #signature(node: ts.Declaration, symbol: ts.Symbol): string {
    const text = node.getText();
    if (ts.isFunctionDeclaration(node) && node.body)
      return text
        .slice(0, node.body.pos - node.getStart())
        .replace(/^export (async )?/, "")
        .trim();
    if (ts.isClassDeclaration(node)) {
      const made = node.members.find(ts.isConstructorDeclaration);
      const parameters = made?.parameters.map((each) => each.getText()).join(", ") ?? "";
      return `class ${symbol.name} extends Error {\n  constructor(${parameters});\n}`;
    }
    if (ts.isVariableDeclaration(node)) {
      const type = this.#typeText(this.#checker.getTypeOfSymbol(symbol), node);
      return type.length < 160 ? `const ${symbol.name}: ${type}` : `const ${symbol.name}`;
    }
    return text.replace(/^export /, "");
  }

  #typeText(type: ts.Type, at: ts.Node): string {
    const { NoTruncation, UseAliasDefinedOutsideCurrentScope } = ts.TypeFormatFlags;
    const text = this.#checker.typeToString(type, at, NoTruncation | UseAliasDefinedOutsideCurrentScope);
    return text.replaceAll(/import\("[^"]+"\)\./g, "");
  }
}

function kindOf(node: ts.Declaration): Entry["kind"] {
  if (ts.isFunctionDeclaration(node)) return "function";
  if (ts.isClassDeclaration(node)) return "class";
  return ts.isVariableDeclaration(node) ? "value" : "type";
}

function textOf(parts: readonly ts.SymbolDisplayPart[] | undefined): string {
  return ts.displayPartsToString([...(parts ?? [])]).trim();
}

function tagged(tags: readonly ts.JSDocTagInfo[], name: string, parameter?: string): string {
  for (const tag of tags.filter((each) => each.name === name)) {
    const text = textOf(tag.text);
    if (parameter === undefined) return text;
    const [first = "", ...rest] = text.split(/\s+/);
    if (first === parameter) return rest.join(" ").replace(/^[-–]\s*/, "");
  }
  return "";
}

/** "Throws InputError for …" in the prose, and @throws. */
function errorsOf(docs: string, tags: readonly ts.JSDocTagInfo[]): string[] {
  const prose = docs.replaceAll("\n", " ").match(/Throws [^.]*(?:\.(?! )[^.]*)*\./g) ?? [];
  const said = tags.filter(({ name }) => name === "throws").map(({ text }) => `Throws ${textOf(text)}`);
  return [...prose, ...said];
}
