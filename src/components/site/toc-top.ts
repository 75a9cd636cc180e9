/** The list of headings also notices the top: its own observer waits for a heading in a strip that the title never reaches. */
const title = document.getElementById("_top");
const seen = ([entry]: readonly IntersectionObserverEntry[]) => {
  if (entry?.isIntersecting !== true) return;
  for (const list of document.querySelectorAll("starlight-toc, mobile-starlight-toc")) {
    const link = list.querySelector('a[href="#_top"]');
    if (link !== null) Reflect.set(list, "current", link);
  }
};
if (title !== null) new IntersectionObserver(seen, { rootMargin: "-64px 0px 0px" }).observe(title);
