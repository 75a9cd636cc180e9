#!/usr/bin/env node
/** The command line, src/server/cli.ts, on a Node that runs TypeScript. */
import { launch } from "./launch.js";

await launch(new URL("./cli.ts", import.meta.url));
