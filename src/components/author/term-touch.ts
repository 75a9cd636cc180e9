/** Terms under a finger: the first tap opens the meaning in place, the second follows the link, a tap elsewhere closes. */

const opened = () => document.querySelector("a.term[data-open]");

document.addEventListener("click", (event) => {
  const term = (event.target as Element).closest("a.term");
  const before = opened();
  if (before !== term) before?.removeAttribute("data-open");
  const byFinger = event instanceof PointerEvent && event.pointerType === "touch";
  if (term === null || term === before || !byFinger) return;
  event.preventDefault();
  term.setAttribute("data-open", "");
});

document.addEventListener("keydown", ({ key }) => key === "Escape" && opened()?.removeAttribute("data-open"));
