/** Lets a page that no local runner serves be paired with one, by the token that the runner prints. */
import { hasRunner } from "../../endpoint/target.ts";
import { usePairedRunner } from "./measurer.ts";
import { button, make } from "./parts.ts";

const usualAddress = "http://127.0.0.1:4321";

/** Hidden until `show` finds that the page has no runner behind it. */
export function pairingForm(onPaired: () => void): { element: HTMLElement; show(): void } {
  const address = make("input");
  address.type = "url";
  address.value = usualAddress;
  const token = make("input");
  token.autocomplete = "off";
  const said = make("p");
  said.setAttribute("role", "status");
  const form = make(
    "details",
    "",
    make("summary", "", "Measure through a local runner"),
    make(
      "p",
      "",
      "Without one, this browser measures by itself, at most six streams at once. Start one with npm start; it prints its address and a token that is good once.",
    ),
    make("label", "", make("span", "", "Address of the runner"), address),
    make("label", "", make("span", "", "One-time token"), token),
    button("Pair", () => void pairNow()),
    said,
  );
  form.hidden = true;

  async function pairNow(): Promise<void> {
    try {
      await usePairedRunner(address.value, token.value);
      said.textContent = "Paired until this page is closed.";
      token.value = "";
      onPaired();
    } catch (error) {
      said.textContent = error instanceof Error ? error.message : String(error);
    }
  }
  let asked = false;
  return {
    element: form,
    show() {
      if (asked) return;
      asked = true;
      void hasRunner().then((has) => (form.hidden = has));
    },
  };
}
