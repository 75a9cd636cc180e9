/** `npm start` and `npm run dev`: src/server/start.ts, on a Node that runs TypeScript. */
import { launch } from "./launch.js";

await launch(new URL("./start.ts", import.meta.url));
