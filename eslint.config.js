import astro from "eslint-plugin-astro";
import * as mdx from "eslint-plugin-mdx";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** Imports may point one way only: engine ← endpoint ← lab ← components ← pages, engine ← endpoint ← server. */
const layers = {
  engine: ["endpoint", "lab", "server", "components", "pages"],
  endpoint: ["lab", "server", "components", "pages"],
  lab: ["server", "components", "pages"],
  server: ["lab", "components", "pages"],
  components: ["server", "pages"],
  pages: ["server"],
};

const direction = Object.entries(layers).map(([layer, forbidden]) => ({
  files: [`src/${layer}/**/*.{ts,tsx,astro}`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          {
            regex: `^(\\.\\./)+(src/)?(${forbidden.join("|")})/`,
            message: `src/${layer} must not import ${forbidden.join(", ")}.`,
          },
          ...(layer === "engine"
            ? [
                {
                  regex: "^[^.]",
                  message: "The engine is pure: it imports nothing from outside.",
                },
              ]
            : []),
        ],
      },
    ],
  },
}));

export default defineConfig(
  {
    ignores: [
      "dist/",
      "dist-course/",
      "public/",
      "node_modules/",
      ".astro/",
      ".cache/",
      "tools/",
      "test-results/",
      "playwright-report/",
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    // Scripts of Astro's files have no types here; `astro check` has looked at them.
    ignores: ["labs/**", "examples/**", "**/*.astro/**"],
    // One program for all: the project service makes several, and takes half as long again.
    languageOptions: { parserOptions: { project: "tsconfig.json", tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { fixStyle: "separate-type-imports", disallowTypeAnnotations: false },
      ],
    },
  },
  {
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      eqeqeq: ["error", "always", { null: "ignore" }],
    },
  },
  {
    // A starter declares the parameters that its learner will use.
    files: ["labs/*/starter.ts", "examples/labs/*/starter.ts"],
    rules: { "@typescript-eslint/no-unused-vars": ["error", { args: "none" }] },
  },
  {
    files: ["src/engine/**/*.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        "fetch",
        "setTimeout",
        "setInterval",
        "performance",
        "document",
        "window",
        "process",
      ],
      "no-restricted-properties": [
        "error",
        ...[
          "random",
          "exp",
          "log",
          "log2",
          "log10",
          "log1p",
          "expm1",
          "pow",
          "sin",
          "cos",
          "tan",
          "atan",
          "atan2",
          "sinh",
          "cosh",
          "tanh",
          "cbrt",
          "hypot",
        ].map((property) => ({
          object: "Math",
          property,
          message: "Differs between JavaScript engines or runs: use src/engine/numeric.ts or random.ts.",
        })),
        { object: "Date", property: "now", message: "The engine has no clock." },
      ],
    },
  },
  ...direction,
  ...astro.configs.recommended,
  {
    ...mdx.flat,
    files: ["content/**/*.mdx"],
    // An expression between braces in MDX is output, not a statement without effect.
    rules: { ...mdx.flat.rules, "no-unused-expressions": "off", "@typescript-eslint/no-unused-expressions": "off" },
  },
);
