/** A few requests on the scheduler, step by step, moved by a slider, by keys, or played. */
import { useSignal } from "@preact/signals";
import { useEffect, useId } from "preact/hooks";
import { Button } from "../lab/Button.tsx";
import type { MovingFigure } from "../figures/moving.ts";
import { LiveChart } from "./LiveChart.tsx";

export function Player({ figure }: { readonly figure: MovingFigure }) {
  const id = useId();
  const at = useSignal(0);
  const playing = useSignal(false);
  const last = figure.frames.length - 1;
  useEffect(() => {
    at.value = Math.min(figure.still, last);
    playing.value = false;
  }, [figure]);
  const plays = playing.value;
  useEffect(() => {
    if (!plays) return;
    const timer = setInterval(() => {
      at.value = Math.min(last, at.peek() + 1);
      if (at.peek() >= last) playing.value = false;
    }, figure.play ?? 500);
    return () => clearInterval(timer);
  }, [plays, figure]);
  const go = (to: number) => {
    playing.value = false;
    at.value = Math.min(last, Math.max(0, to));
  };
  const frame = figure.frames[Math.min(at.value, last)]!;
  return (
    <div class="playground-player" data-part="player">
      <p class="tool-ways print:hidden">
        <Button
          kind="plain"
          action="play"
          onPress={() => {
            if (!plays && at.peek() >= last) at.value = 0;
            playing.value = !plays;
          }}
        >
          {plays ? "Pause" : "Play"}
        </Button>
        <label for={id}>Step</label>
        <input
          id={id}
          type="range"
          min={0}
          max={last}
          value={at.value}
          aria-valuetext={`${frame.at}. ${frame.says}`}
          onInput={({ currentTarget }) => go(Number(currentTarget.value))}
        />
        <Button action="step-back" label="One step back" onPress={() => go(at.peek() - 1)}>
          ‹
        </Button>
        <Button action="step-on" label="One step on" onPress={() => go(at.peek() + 1)}>
          ›
        </Button>
        <output for={id}>{frame.at}</output>
      </p>
      <p>{frame.says}</p>
      <div class="tool-charts">
        {frame.panels.map((panel) => (
          <LiveChart key={panel.title} description={panel} seed={figure.origin.seed ?? 0} />
        ))}
      </div>
    </div>
  );
}
