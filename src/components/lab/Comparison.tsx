/** Two texts side by side, line by line: the learner's code, and the solution or another draft. Nothing is changed unless the learner takes it over. */
import { diffArrays } from "diff";
import { useMemo } from "preact/hooks";
import type { Comparison as Compared } from "../../lab/store/code-state.ts";
import { Button } from "./Button.tsx";
import { linesOf, Tokens } from "./ColouredCode.tsx";
import { useLab } from "./lab-context.ts";

type Tokened = ReturnType<typeof linesOf>[number];
interface Row {
  readonly left?: { readonly number: number; readonly tokens: Tokened };
  readonly right?: { readonly number: number; readonly tokens: Tokened };
  readonly same: boolean;
}

export function Comparison({ comparison }: { comparison: Compared }) {
  const { code } = useLab();
  const mine = code.mine.value;
  const rows = useMemo(() => pair(mine, comparison.text), [mine, comparison.text]);
  const same = rows.every((row) => row.same);
  return (
    <div class="lab-compare" data-part="comparison">
      <p class="lab-compare-says">
        {same ? "They are the same." : "Left is yours, and stays as it is. "}
        {comparison.kind === "solution" && !same && "Run and Check act on the solution while it is shown."}
        <span class="lab-room" />
        <Button action="take" onPress={() => code.takeCompared()}>
          Take it over
        </Button>
        <Button action="close-comparison" onPress={() => code.close()}>
          Back to my code
        </Button>
      </p>
      <div class="lab-compare-scroll" tabIndex={0} role="region" aria-label={`Your code beside ${comparison.title}`}>
        <table>
          <thead>
            <tr>
              <th colSpan={2}>Yours</th>
              <th colSpan={2}>{comparison.title}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <tr key={i} data-same={row.same ? "" : undefined}>
                <Side side={row.left} sign={row.same ? "" : "−"} />
                <Side side={row.right} sign={row.same ? "" : "+"} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Side({ side, sign }: { side: Row["left"]; sign: string }) {
  if (side === undefined) return <td colSpan={2} class="lab-compare-none" />;
  return (
    <>
      <td class="lab-compare-number">
        {side.number}
        {sign}
      </td>
      <td class="lab-compare-line" data-sign={sign}>
        <Tokens tokens={side.tokens} />
      </td>
    </>
  );
}

/** Equal lines stand beside each other; a run of changed lines is paired from its top. */
function pair(mine: string, other: string): readonly Row[] {
  const left = linesOf(mine);
  const right = linesOf(other);
  const rows: Row[] = [];
  let l = 0;
  let r = 0;
  const take = (removed: number, added: number, same: boolean) => {
    for (let i = 0; i < Math.max(removed, added); i++) {
      rows.push({
        same,
        ...(i < removed && { left: { number: l + 1, tokens: left[l++] ?? [] } }),
        ...(i < added && { right: { number: r + 1, tokens: right[r++] ?? [] } }),
      });
    }
  };
  let waiting = 0;
  for (const { count = 0, removed, added } of diffArrays(mine.split("\n"), other.split("\n"))) {
    if (removed) waiting = count;
    else if (added) {
      take(waiting, count, false);
      waiting = 0;
    } else {
      take(waiting, 0, false);
      waiting = 0;
      take(count, count, true);
    }
  }
  take(waiting, 0, false);
  return rows;
}
