/** Everything that a checks.ts can tell a learner, as phrases for a translator: each `${…}` is {1}, {2} and so on. */
import ts from "typescript";

/** Fields of close() and that() that reach the learner. */
const spoken = new Set(["seen", "expected", "what", "why", "hint"]);

/** In the order of the file, each once. Texts put together out of other parts than a literal are left out: they can't be known. */
export function toldByChecks(source: string): readonly string[] {
  const found = new Set<string>();
  const add = (node: ts.Node): void => {
    if (ts.isConditionalExpression(node)) {
      add(node.whenTrue);
      add(node.whenFalse);
    }
    const phrase = phraseOf(node);
    // A text of holes alone has no words.
    if (phrase !== undefined && /\p{L}/u.test(phrase.replace(/\{\d\}/g, ""))) found.add(phrase);
  };
  const visit = (node: ts.Node): void => {
    const [first] = ts.isCallExpression(node) ? node.arguments : [];
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "check" && first)
      add(first);
    if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && spoken.has(node.name.text))
      add(node.initializer);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("checks.ts", source, ts.ScriptTarget.Latest));
  return [...found];
}

function phraseOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.templateSpans.reduce((text, { literal }, i) => `${text}{${i + 1}}${literal.text}`, node.head.text);
}
