/** Text of lab.yaml as HTML: escaped, with `code` between backticks. */
export function inlineCode(text: string): string {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return escaped.replaceAll(/`([^`]+)`/g, "<code>$1</code>");
}
