/** A press on a button of a lab that has not come alive yet is kept, and done once it has. */
document.addEventListener(
  "click",
  (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const lab = button?.closest("[data-lab]:not([data-ready])");
    if (!button || !lab) return;
    event.preventDefault();
    event.stopPropagation();
    const watch = new MutationObserver(() => {
      watch.disconnect();
      button.click();
    });
    watch.observe(lab, { attributeFilter: ["data-ready"] });
  },
  { capture: true },
);
