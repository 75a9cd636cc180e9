/** The top of a lab: what it is, what it asks, whether it is done, and its two larger forms. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { TraceCredit } from "../../lab/setup.ts";
import { Button } from "./Button.tsx";
import { inEnglish, useLab, useSay } from "./lab-context.ts";
import { SharePanel } from "./SharePanel.tsx";

export function LabHead({ alone, page }: { alone: boolean; page: string | undefined }) {
  const { setup, passed } = useLab();
  const say = useSay();
  const { title, text, id } = setup;
  const Title = alone ? "h1" : "h3";
  return (
    <header class="lab-head">
      <div class="lab-head-line">
        <p class="lab-kind">
          {say(text.minutes === undefined ? "Without a task" : `Lab · ${text.minutes} min`)}
          {passed.value && <span class="lab-passed">{say("Passed")}</span>}
        </p>
        <span class="lab-room" />
        {page !== undefined && (
          <a class="lab-quiet needs-js" href={page}>
            {say("Page of its own")}
          </a>
        )}
        <SharePanel page={page} />
        <FullScreen />
      </div>
      <Title lang={inEnglish(setup, "title")} id={alone ? "_top" : `lab-${id}-title`}>
        {title}
      </Title>
      <p class="lab-question" lang={inEnglish(setup, "question")}>
        {text.question}
      </p>
      {setup.traces?.map((trace) => (
        <Replays key={trace.name} {...trace} bytes={setup.urls.traces?.[trace.name]?.bytes ?? 0} />
      ))}
    </header>
  );
}

/** Whose traffic the lab replays, and what it will fetch. */
function Replays({ name, requests, source, licence, bytes }: TraceCredit & { bytes: number }) {
  return (
    <p class="lab-kind" data-part="replays">
      Replays <code>{name}</code>: {requests.toLocaleString("en-GB")} recorded requests, {Math.ceil(bytes / 1000)} kB,
      fetched at the first run and kept for reading offline. {source}; {licence}.
    </p>
  );
}

function FullScreen() {
  const here = useRef<HTMLSpanElement>(null);
  const can = useSignal(false);
  const on = useSignal(false);
  useEffect(() => {
    can.value = document.fullscreenEnabled;
    const lab = here.current?.closest<HTMLElement>(".lab") ?? null;
    const changed = () => (on.value = lab !== null && document.fullscreenElement === lab);
    document.addEventListener("fullscreenchange", changed);
    return () => document.removeEventListener("fullscreenchange", changed);
  }, [can, on]);
  const toggle = () => {
    if (on.value) void document.exitFullscreen();
    else void here.current?.closest<HTMLElement>(".lab")?.requestFullscreen();
  };
  return (
    <span ref={here} hidden={!can.value}>
      <Button action="full-screen" pressed={on.value} onPress={toggle}>
        {on.value ? "Leave full screen" : "Full screen"}
      </Button>
    </span>
  );
}
