import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^perflab$/, replacement: at("./src/lab/perflab.ts") },
      { find: /^perflab\/checks$/, replacement: at("./src/lab/checks.ts") },
    ],
  },
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: ["tests/browser/**", "node_modules/**"],
    setupFiles: ["tests/seed.ts"],
    pool: "threads",
    // By default half of the cores: one, of the two that the tests are timed on.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
