/** Our own steps in the Markdown pipeline: TeX becomes MathML, links from the root get the base path, and wide tables scroll in a box. */
import katex from "katex";

/** `$…$` and `$$…$$` as MathML only: no stylesheet, no fonts, readable by screen readers. */
export function mathPlugin() {
  const render = (displayMode) => (node, context) => {
    const rendered = katex.renderToString(node.value, { displayMode, output: "mathml", throwOnError: true });
    // A wide formula scrolls on a phone, so the keyboard must be able to reach it.
    const raw = displayMode
      ? `<div class="maths" tabindex="0" role="group" aria-label="Formula">${rendered}</div>`
      : rendered;
    context.replaceNode(node, { raw, mdxExpressions: false });
  };
  return { name: "course-math", math: render(true), inlineMath: render(false) };
}

/**
 * `[glossary](/glossary/)` works wherever the site is served, and `[core.ts](../../src/…/core.ts)`, which works in an editor and on
 * a code host, leads to the page that shows that file.
 */
export function basePlugin(base) {
  const prefix = base.replace(/\/$/, "");
  return {
    name: "course-base",
    link(node, context) {
      const [, file] = /^\.\.\/\.\.\/((?:src|tests)\/.*\.ts)$/.exec(node.url) ?? [];
      if (file) context.setProperty(node, "url", `${prefix}/source/${file}/`);
      else if (prefix && node.url.startsWith("/")) context.setProperty(node, "url", prefix + node.url);
    },
  };
}

/**
 * A table stands in a box that scrolls where the page is narrower. The keyboard must be able to reach the box, and a screen reader to
 * name it: by the heads of the table's columns. Tables written in a component use <TableScroll>, which draws the same box.
 */
export function tablePlugin() {
  return {
    name: "course-table",
    element: {
      filter: ["table"],
      visit(node, context) {
        const heads = [...headsOf(node)].map((head) => context.textContent(head).trim()).filter(Boolean);
        context.wrapNode(node, {
          type: "element",
          tagName: "div",
          properties: {
            className: ["table-scroll"],
            tabIndex: 0,
            role: "region",
            ariaLabel: `Table: ${heads.join(", ")}`,
          },
          children: [],
        });
      },
    },
  };
}

/** The header cells of a table, in order. */
function* headsOf(node) {
  for (const child of node.children ?? []) {
    if (child.tagName === "th") yield child;
    else yield* headsOf(child);
  }
}
