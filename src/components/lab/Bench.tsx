/** Code and result: side by side where there is room, with a bar between them that can be moved; else one below the other. */
import { useRef } from "preact/hooks";
import { preferences, splits } from "../../lab/store/preferences.ts";
import { CodePane } from "./CodePane.tsx";
import { Hints } from "./Hints.tsx";
import { useLab, useSay } from "./lab-context.ts";
import { ResultPane } from "./ResultPane.tsx";
import { RunBar } from "./RunBar.tsx";

export function Bench() {
  const { code } = useLab();
  const bench = useRef<HTMLDivElement>(null);
  return (
    <div
      ref={bench}
      class="lab-bench"
      data-compare={code.comparison.value ? "" : undefined}
      style={{ "--split": `${preferences.split.value}%` }}
    >
      <div class="lab-work">
        <CodePane />
        <RunBar />
        <Hints />
      </div>
      <Splitter widthOf={() => bench.current} />
      <ResultPane />
    </div>
  );
}

function Splitter({ widthOf }: { widthOf: () => HTMLElement | null }) {
  const say = useSay();
  const { split } = preferences;
  const move = (percent: number) =>
    (split.value = Math.round(Math.min(splits.most, Math.max(splits.least, percent)) * 10) / 10);
  return (
    <div
      class="lab-splitter needs-js"
      role="separator"
      aria-orientation="vertical"
      aria-label={say("Width of the code")}
      aria-valuenow={Math.round(split.value)}
      aria-valuemin={splits.least}
      aria-valuemax={splits.most}
      tabIndex={0}
      onKeyDown={(event) => {
        const by = { ArrowLeft: -2, ArrowRight: 2, PageUp: -10, PageDown: 10 }[event.key];
        const to = { Home: splits.least, End: splits.most }[event.key] ?? (by === undefined ? by : split.value + by);
        if (to === undefined) return;
        event.preventDefault();
        move(to);
      }}
      onDblClick={() => move(50)}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        event.currentTarget.focus();
      }}
      onPointerMove={(event) => {
        const bench = widthOf();
        if (bench === null || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const { left, width } = bench.getBoundingClientRect();
        move(((event.clientX - left) / width) * 100);
      }}
    />
  );
}
