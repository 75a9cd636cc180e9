/** Code in colours, one element a line. The same on the server, in the light editor and in comparisons. */
import { parse, type ParsedToken } from "sugar-high/core";
import * as typescript from "sugar-high/lang/typescript";

interface Props {
  text: string;
  /** 1-based lines that an error points at. */
  marked?: readonly number[];
  /** Something else already reads the text out. */
  hidden?: boolean;
}

export function ColouredCode({ text, marked = [], hidden = false }: Props) {
  return (
    <pre class="code-lines" aria-hidden={hidden ? "true" : undefined}>
      <code>
        {linesOf(text).map((tokens, i) => (
          <CodeLine key={i} tokens={tokens} marked={marked.includes(i + 1)} />
        ))}
      </code>
    </pre>
  );
}

function CodeLine({ tokens, marked }: { tokens: readonly ParsedToken[]; marked: boolean }) {
  return (
    <span class="code-line" data-marked={marked ? "" : undefined}>
      <Tokens tokens={tokens} />
      {"\n"}
    </span>
  );
}

export function Tokens({ tokens }: { tokens: readonly ParsedToken[] }) {
  return (
    <>
      {tokens.map(({ type, value }, i) => {
        const colour = colourOf(type, value);
        return colour === null ? (
          value
        ) : (
          <span key={i} class={`code-${colour}`}>
            {value}
          </span>
        );
      })}
    </>
  );
}

/** The tokens of each line. */
export function linesOf(text: string): readonly (readonly ParsedToken[])[] {
  return parse(text, typescript).lines.map(({ tokens }) => tokens);
}

function colourOf(type: ParsedToken["type"], value: string): string | null {
  if (type === "comment" || type === "string") return type;
  if (type === "keyword") return plainTypes.has(value) ? "type" : "keyword";
  if (type === "class") return /^\d/.test(value) ? "number" : "type";
  return null;
}

const plainTypes = new Set(["number", "string", "boolean", "void", "unknown", "never", "any", "object"]);
