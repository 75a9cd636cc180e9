/** `client:intent`: an island that comes alive when somebody reaches for it, by pointer, finger or key, and costs nothing before. */
import type { ClientDirective } from "astro";

const signs = ["pointerover", "pointerdown", "focusin", "keydown"] as const;

const onIntent: ClientDirective = (load, _options, element) => {
  const begin = (): void => {
    for (const sign of signs) element.removeEventListener(sign, begin);
    void load().then((hydrate) => hydrate());
  };
  for (const sign of signs) element.addEventListener(sign, begin, { passive: true });
};

export default onIntent;

declare module "astro" {
  interface AstroClientDirectives {
    "client:intent"?: boolean;
  }
}
