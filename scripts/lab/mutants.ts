/** Small changes to a solution, each of which some check should notice: an operator swapped, a number moved, a function that gives nothing. */
import ts from "typescript";
import type { Mutant } from "../../src/lab/proof.ts";

const swaps = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.PlusToken, "-"],
  [ts.SyntaxKind.MinusToken, "+"],
  [ts.SyntaxKind.AsteriskToken, "/"],
  [ts.SyntaxKind.SlashToken, "*"],
  [ts.SyntaxKind.LessThanToken, ">="],
  [ts.SyntaxKind.LessThanEqualsToken, ">"],
  [ts.SyntaxKind.GreaterThanToken, "<="],
  [ts.SyntaxKind.GreaterThanEqualsToken, "<"],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, "!=="],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, "==="],
  [ts.SyntaxKind.AmpersandAmpersandToken, "||"],
  [ts.SyntaxKind.BarBarToken, "&&"],
]);

/**
 * Mutants of the solution's exported functions and of the functions of main.ts that those call. Each has one change.
 * An export that is a function and that nothing checks survives as "`name` gives nothing".
 */
export function mutantsOf(solution: string): readonly Mutant[] {
  const source = ts.createSourceFile("solution.ts", solution, ts.ScriptTarget.ES2023, true);
  const functions = functionsOf(source);
  const found: Mutant[] = [];
  const add = (start: number, end: number, text: string, what: string) =>
    found.push({
      code: solution.slice(0, start) + text + solution.slice(end),
      line: source.getLineAndCharacterOfPosition(start).line + 1,
      what,
    });
  for (const name of reached(functions)) {
    const { body, exported } = functions.get(name)!;
    if (exported) {
      const nothing = ts.isBlock(body) ? "{ return undefined as never; }" : "(undefined as never)";
      add(body.getStart(), body.getEnd(), nothing, `\`${name}\` gives nothing`);
    }
    const visit = (node: ts.Node): void => {
      if (ts.isBinaryExpression(node)) {
        const { operatorToken: operator } = node;
        const swap = swaps.get(operator.kind);
        const joinsText = operator.kind === ts.SyntaxKind.PlusToken && [node.left, node.right].some(isText);
        if (swap !== undefined && !joinsText)
          add(
            operator.getStart(),
            operator.getEnd(),
            swap,
            `${operator.getText()} becomes ${swap} in \`${line(node)}\``,
          );
      }
      if (ts.isNumericLiteral(node) && !ts.isPropertyAssignment(node.parent)) {
        const more = String(Number(node.text) * 2 + 1);
        add(node.getStart(), node.getEnd(), more, `${node.getText()} becomes ${more} in \`${line(node.parent)}\``);
      }
      ts.forEachChild(node, visit);
    };
    visit(body);
  }
  return found.sort((a, b) => a.line - b.line);
}

type Functions = ReadonlyMap<string, { body: ts.Node; exported: boolean }>;

function functionsOf(source: ts.SourceFile): Functions {
  const functions = new Map<string, { body: ts.Node; exported: boolean }>();
  for (const statement of source.statements) {
    const exported =
      ts.canHaveModifiers(statement) &&
      (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (ts.isFunctionDeclaration(statement) && statement.name && statement.body)
      functions.set(statement.name.text, { body: statement.body, exported });
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (!ts.isIdentifier(name) || initializer === undefined) continue;
      if (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))
        functions.set(name.text, { body: initializer.body, exported });
    }
  }
  return functions;
}

/** What a function should never give. */
const strange = ["NaN", "0", "-1", "1e9", "Infinity", '"text"', "null", "[]", "{}", "[NaN]", "true"];

/**
 * Solutions in which one exported function gives something that no right answer is, or something is not exported, or nothing but
 * functions is left: for messages that guard against it. A function does so once the file has run, so that it is the checks that meet it.
 */
export function strangeAnswers(solution: string): readonly Mutant[] {
  const source = ts.createSourceFile("solution.ts", solution, ts.ScriptTarget.ES2023, true);
  return [...strangeFunctions(source, solution), ...hiddenValues(source, solution), ...functionsAlone(source)];
}

/** Each exported value that is no function, kept to the file. */
function hiddenValues(source: ts.SourceFile, solution: string): readonly Mutant[] {
  const functions = functionsOf(source);
  return source.statements.filter(ts.isVariableStatement).flatMap((statement) => {
    const word = ts.getModifiers(statement)?.find(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    const names = statement.declarationList.declarations.map(({ name }) => name.getText());
    if (word === undefined || names.some((name) => functions.has(name))) return [];
    const line = source.getLineAndCharacterOfPosition(word.getStart()).line + 1;
    const code = solution.slice(0, word.getStart()) + solution.slice(word.getEnd());
    return [{ code, line, what: `\`${names.join(", ")}\` is not exported` }];
  });
}

/** A file that runs nothing: without a run, a chart or a value. */
function functionsAlone(source: ts.SourceFile): readonly Mutant[] {
  const functions = functionsOf(source);
  const stays = (statement: ts.Statement) =>
    ts.isImportDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) ||
    (ts.isVariableStatement(statement) &&
      statement.declarationList.declarations.every(({ name }) => functions.has(name.getText())));
  if (source.statements.every(stays)) return [];
  const code = source.statements
    .filter(stays)
    .map((statement) => statement.getFullText())
    .join("");
  return [{ code, line: 1, what: "nothing but functions is left" }];
}

function strangeFunctions(source: ts.SourceFile, solution: string): readonly Mutant[] {
  return [...functionsOf(source)].flatMap(([name, { body, exported }]) => {
    if (!exported) return [];
    const [start, end] = [body.getStart(), body.getEnd()];
    const line = source.getLineAndCharacterOfPosition(start).line + 1;
    const given = strange.map((value) => {
      const own = solution.slice(start, end);
      const gives = ts.isBlock(body)
        ? `{ if ($late) return (${value}) as never; ${own.slice(1)}`
        : `($late ? ((${value}) as never) : ${own})`;
      const code = `let $late = false; ${solution.slice(0, start)}${gives}${solution.slice(end)}\n$late = true;\n`;
      return { code, line, what: `\`${name}\` gives ${value}` };
    });
    const hidden = solution.replace(
      new RegExp(`\\bexport\\s+(?=(?:async\\s+)?(?:function\\*?|const|let)\\s+${name}\\b)`),
      "",
    );
    return [...given, { code: hidden, line, what: `\`${name}\` is not exported` }];
  });
}

/** The exported functions, and the others that they call. */
function reached(functions: Functions): readonly string[] {
  const names = new Set<string>();
  const take = (name: string): void => {
    const known = functions.get(name);
    if (known === undefined || names.has(name)) return;
    names.add(name);
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node)) take(node.text);
      ts.forEachChild(node, visit);
    };
    visit(known.body);
  };
  for (const [name, { exported }] of functions) if (exported) take(name);
  return [...names];
}

function isText(node: ts.Node): boolean {
  return ts.isStringLiteral(node) || ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node);
}

function line(node: ts.Node): string {
  const text = node.getText().replaceAll(/\s+/g, " ");
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
