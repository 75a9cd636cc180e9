/** The site: Astro with Starlight as its shell, over the top-level content/ folder. */
import { fileURLToPath } from "node:url";
import mdx from "@astrojs/mdx";
import preact from "@astrojs/preact";
import { satteri } from "@astrojs/markdown-satteri";
import starlight from "@astrojs/starlight";
import { defineConfig } from "astro/config";
import { secondLanguages } from "./src/languages.ts";
import { basePlugin, mathPlugin, tablePlugin } from "./src/markdown.mjs";

/** Where the site is served: BASE=/course/ puts it under a path, SITE=https://… adds canonical links and a sitemap. */
const base = process.env.BASE ?? "/";
const site = process.env.SITE;
const component = (name) => `./src/components/site/${name}.astro`;

/**
 * In a build JSX is Oxc's, as tsconfig.json says how. Preact's own plugin would have Babel parse and print every module
 * before, a sixth of the build, for the sake of hot reloading and the names of hooks, which only the dev server has.
 * @type {import("vite").Plugin}
 */
const oxcAlone = {
  name: "course-oxc-alone",
  apply: "build",
  configResolved({ plugins }) {
    const babel = plugins.find(({ name }) => name === "vite:preact-jsx");
    if (babel === undefined) throw new Error("@astrojs/preact has no plugin vite:preact-jsx any more.");
    delete babel.transform;
  },
};

export default defineConfig({
  base,
  ...(site ? { site } : {}),
  outDir: process.env.OUT_DIR ?? "./dist",
  // A hash in style-src would void 'unsafe-inline', which the editor needs; so no style is ever inlined by the build.
  build: { inlineStylesheets: "never" },
  markdown: {
    processor: satteri({
      features: { math: true, directive: true },
      mdastPlugins: [mathPlugin(), basePlugin(base)],
      hastPlugins: [tablePlugin()],
    }),
  },
  integrations: [
    starlight({
      title: "AI Performance Engineering",
      description: "A self-paced course on making large language models fast, with labs you run.",
      locales: { root: { label: "English", lang: "en" }, ...secondLanguages },
      favicon: "/favicon.svg",
      credits: false,
      disable404Route: true,
      routeMiddleware: "./src/components/site/route-data.ts",
      lastUpdated: false,
      tableOfContents: { minHeadingLevel: 2, maxHeadingLevel: 2 },
      customCss: [
        "./src/styles/tokens.css",
        "./src/styles/fonts.css",
        "./src/styles/theme.css",
        "./src/styles/print.css",
      ],
      components: Object.fromEntries(
        ["Footer", "Head", "Header", "LanguageSelect", "PageTitle", "Sidebar", "SiteTitle"].map((name) => [
          name,
          component(name),
        ]),
      ),
      expressiveCode: {
        themes: ["github-dark-default", "github-light-default"],
        styleOverrides: { borderRadius: "0.375rem" },
        // Nothing to scroll, so nothing that the keyboard could not reach.
        defaultProps: { wrap: true },
      },
    }),
    mdx(),
    // What moves is a Preact island: rendered by the server, alive when near view.
    preact(),
    {
      name: "course-intent",
      hooks: {
        "astro:config:setup": ({ addClientDirective }) =>
          addClientDirective({ name: "intent", entrypoint: "./src/components/home/intent.ts" }),
      },
    },
  ],
  vite: {
    plugins: [oxcAlone],
    // Lessons may lie in a folder without modules of its own.
    resolve: {
      dedupe: ["astro", "@astrojs/starlight"],
      alias: { "@course": fileURLToPath(new URL("./src/components/index.ts", import.meta.url)) },
    },
    build: {
      assetsInlineLimit: 0,
      // One such warning a page, about a directive that only Astro reads.
      rolldownOptions: { onLog: (level, log, show) => log.code !== "MODULE_LEVEL_DIRECTIVE" && show(level, log) },
    },
  },
});
