/** A link to the code and the values as they are now, or all of it as a project; and the way in for such a link. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { fromHash, toHash } from "../../lab/share.ts";
import type { LabStore } from "../../lab/store/lab-store.ts";
import { Button } from "./Button.tsx";
import { useLab, useSay } from "./lab-context.ts";
import { ProjectButton } from "./ProjectButton.tsx";

/** `page`: the lab's own page, to which links lead. */
export function SharePanel({ page }: { page: string | undefined }) {
  const store = useLab();
  const link = useSignal<string | null>(null);
  const said = useSignal("");
  const say = useSay();
  const ready = store.ready.value;
  useEffect(() => {
    if (page !== undefined || !ready) return;
    const open = () => void openShared(store);
    open();
    addEventListener("hashchange", open);
    return () => removeEventListener("hashchange", open);
  }, [ready, store, page]);
  const share = async () => {
    try {
      const { setup, code, params } = store;
      const hash = await toHash({ lab: setup.id, code: code.mine.value, params: params.values.value });
      const made = new URL(page ?? location.pathname, location.href);
      made.search = "";
      made.hash = hash;
      link.value = made.href;
      said.value = await navigator.clipboard.writeText(made.href).then(
        () => "The link is copied.",
        () => "Copy the link from the field.",
      );
    } catch (error) {
      said.value = error instanceof Error ? error.message : String(error);
    }
  };
  return (
    <>
      <Button action="share" onPress={() => void share()}>
        Share
      </Button>
      {(link.value !== null || said.value !== "") && (
        <div class="lab-share" role="group" aria-label={say("Share this lab")}>
          {link.value !== null && (
            <input
              aria-label={say("Link to this code")}
              readOnly
              value={link.value}
              onFocus={(e) => e.currentTarget.select()}
            />
          )}
          <p role="status">
            {say(said.value)}{" "}
            {say(
              "Whoever opens it gets a copy of this code and these values; nothing runs by itself, and no server or key is in it.",
            )}
          </p>
          <ProjectButton />
          <Button
            action="close-share"
            onPress={() => {
              link.value = null;
              said.value = "";
            }}
          >
            Close
          </Button>
        </div>
      )}
    </>
  );
}

/** Opens the copy that the page's address holds, once; the learner's own text can be had back, and nothing runs. */
async function openShared(store: LabStore): Promise<void> {
  const { code, params, setup } = store;
  const opened = await fromHash(location.hash, setup.id);
  if (opened.kind === "none") return;
  // A reload must not bring the copy back over what was typed since.
  history.replaceState(null, "", location.pathname + location.search);
  if (opened.kind === "problem") return code.say(opened.text);
  const own = code.mine.peek();
  code.close();
  await code.openCopy(opened.shared.code);
  for (const [name, value] of Object.entries(opened.shared.params)) {
    const definition = setup.params[name];
    if (definition === undefined) continue;
    const fits =
      "min" in definition
        ? typeof value === "number" && value >= definition.min && value <= definition.max
        : definition.options.some((option) => option === value);
    if (fits) params.set(name, value);
  }
  const mine = { label: "Back to my own", act: () => (code.type(own), (code.notice.value = null)) };
  code.say(
    own === setup.starter || own === opened.shared.code
      ? "This is a copy from a link. Nothing has run yet: press Run."
      : "This is a copy from a link; your own code is kept too. Nothing has run yet: press Run.",
    own === opened.shared.code ? [] : [mine],
  );
}
