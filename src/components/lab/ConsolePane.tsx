/** What the lab's code logged. */
import { useEffect, useRef } from "preact/hooks";
import { limits, type ConsoleLine } from "../../lab/protocol.ts";
import { PaneHeading } from "./PaneHeading.tsx";
import { useLab, useSay } from "./lab-context.ts";

export function ConsolePane() {
  const { result } = useLab();
  const say = useSay();
  const lines = result.lines.value;
  const dropped = result.dropped.value;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [lines]);
  return (
    <div class="lab-console" data-part="console" hidden={lines.length === 0 && dropped === 0}>
      <PaneHeading>Console</PaneHeading>
      <div ref={list} class="lab-console-lines" role="log" aria-label={say("Console")} tabIndex={0}>
        {lines.map((line, i) => (
          <Line key={i} {...line} />
        ))}
      </div>
      {dropped > 0 && (
        <p class="lab-console-note">
          {say(
            `${dropped.toLocaleString("en-GB")} more lines were not kept; a run shows the first ${limits.consoleLines.toLocaleString("en-GB")}.`,
          )}
        </p>
      )}
    </div>
  );
}

function Line({ level, values, indent = 0, table }: ConsoleLine) {
  return (
    <div class={`lab-console-line ${level}`} style={indent > 0 ? { paddingInlineStart: `${indent * 1.5}em` } : {}}>
      {(level === "warn" || level === "error") && <span class="lab-console-level">{level}: </span>}
      {table === undefined ? (
        values.map(({ kind, text }, i) => (
          <span key={i} class={`value ${kind}`}>
            {i > 0 ? " " : ""}
            {text}
          </span>
        ))
      ) : (
        <Table {...table} />
      )}
    </div>
  );
}

function Table({ columns, rows }: NonNullable<ConsoleLine["table"]>) {
  return (
    <table>
      <thead>
        <tr>
          {columns.map((column, i) => (
            <th key={i} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          <tr key={i}>
            {row.map((cell, j) => (
              <td key={j}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
