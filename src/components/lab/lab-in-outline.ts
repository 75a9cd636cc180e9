/** A lab and the list of headings: the lab that is being worked in is marked there, and the list gives way to a wide lab that lies over it. */

/** Height of the header, and of the strip below it in which Starlight looks for the current heading. Pixels. */
const [header, strip] = [96, 53];

const labs = document.querySelectorAll<HTMLElement>(".lab[id]");

const inView = new Set<Element>();
const overlap = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) inView.add(target);
      else inView.delete(target);
    }
    document.documentElement.toggleAttribute("data-lab-in-view", inView.size > 0);
  },
  { rootMargin: "-64px 0px 0px" },
);

const worked = new IntersectionObserver(
  (entries) => {
    const entered = entries.find(({ isIntersecting }) => isIntersecting)?.target;
    if (entered === undefined) return;
    // After the list's own observer, which takes the section that the lab stands in.
    setTimeout(() => {
      for (const list of document.querySelectorAll("starlight-toc, mobile-starlight-toc")) {
        const link = list.querySelector(`a[href="#${entered.id}"]`);
        if (link !== null) Reflect.set(list, "current", link);
      }
    });
  },
  { rootMargin: `-${header}px 0px ${header + strip - innerHeight}px` },
);

for (const lab of labs) {
  overlap.observe(lab);
  worked.observe(lab);
}
