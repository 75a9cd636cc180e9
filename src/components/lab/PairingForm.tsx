/** Lets a page that no local runner serves be paired with one, by the token that the runner prints. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { hasRunner } from "../../endpoint/target.ts";
import { Button } from "./Button.tsx";
import { usePairedRunner } from "./measurer.ts";

const usualAddress = "http://127.0.0.1:4321";

export function PairingForm({ onPaired }: { onPaired: () => void }) {
  const needed = useSignal(false);
  const address = useSignal(usualAddress);
  const token = useSignal("");
  const said = useSignal("");
  useEffect(() => {
    void hasRunner().then((has) => (needed.value = !has));
  }, [needed]);
  async function pair(): Promise<void> {
    try {
      await usePairedRunner(address.value, token.value);
      said.value = "Paired until this page is closed.";
      token.value = "";
      onPaired();
    } catch (error) {
      said.value = error instanceof Error ? error.message : String(error);
    }
  }
  return (
    <details hidden={!needed.value}>
      <summary>Measure through a local runner</summary>
      <p>
        Without one, this browser measures by itself, at most six streams at once. Start one with npm start; it prints
        its address and a token that is good once.
      </p>
      <label>
        <span>Address of the runner</span>
        <input
          type="url"
          value={address.value}
          onInput={({ currentTarget }) => (address.value = currentTarget.value)}
        />
      </label>
      <label>
        <span>One-time token</span>
        <input
          autocomplete="off"
          value={token.value}
          onInput={({ currentTarget }) => (token.value = currentTarget.value)}
        />
      </label>
      <Button onPress={() => void pair()}>Pair</Button>
      <p role="status">{said.value}</p>
    </details>
  );
}
