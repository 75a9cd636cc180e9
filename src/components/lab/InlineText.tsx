/** Text of lab.yaml, with `code` between backticks. */
export function InlineText({ text }: { text: string }) {
  return <>{text.split("`").map((piece, i) => (i % 2 === 0 ? piece : <code key={i}>{piece}</code>))}</>;
}
