import { defineConfig } from "@playwright/test";
import { chromium } from "./tests/browser/chromium.ts";

const { executablePath, args, env } = await chromium();

/** One server a base path; tests use relative URLs, so that both projects run the same specs. */
const firstPort = Number(process.env.TEST_PORT ?? 4391);
const ports = { root: firstPort, course: firstPort + 4 };
/** Of `--project=root`: only its server is started, so that the build at the other base path need not be there. */
const asked = process.argv.flatMap((arg) => (arg.startsWith("--project=") ? [arg.slice("--project=".length)] : []));

export default defineConfig({
  testDir: "tests/browser",
  // The long tier has specs of its own.
  testIgnore: process.env.TEST_LONG ? [] : "**/*.long.spec.ts",
  timeout: 60_000,
  expect: { timeout: 15_000 },
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  // A browser on two busy cores can be late. What passes only the second time is named at the end of the run, to be studied.
  retries: 1,
  reporter: process.env.CI ? "line" : "list",
  use: {
    browserName: "chromium",
    // Each test meets the server, not a stored copy; tests/browser/offline.spec.ts lets the worker in.
    serviceWorkers: "block",
    launchOptions: {
      executablePath,
      args: [...args],
      env: { ...(process.env as Record<string, string>), ...env },
    },
  },
  projects: [
    { name: "root", use: { baseURL: `http://127.0.0.1:${ports.root}/` } },
    // What can depend on the base path runs there again.
    { name: "course", use: { baseURL: `http://127.0.0.1:${ports.course}/course/` }, grep: /@base/ },
  ],
  webServer: [
    {
      name: "root",
      command: `node src/server/start.ts --no-build --port ${ports.root}`,
      url: `http://127.0.0.1:${ports.root}/`,
      reuseExistingServer: false,
      timeout: 60_000,
    },
    {
      name: "course",
      command: `node src/server/start.ts --no-build --port ${ports.course}`,
      env: { BASE: "/course/", OUT_DIR: "dist-course" },
      url: `http://127.0.0.1:${ports.course}/course/`,
      reuseExistingServer: false,
      timeout: 60_000,
    },
  ].filter(({ name }) => asked.length === 0 || asked.includes(name)),
});
