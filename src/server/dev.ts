/** The site with live reload: Astro's own server, with our guard, API and runner in front of it on the same origin. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { dev } from "astro";
import { createAnswer, type AnswerOptions } from "./serve.ts";

/** Starts on exactly this port. Throws EADDRINUSE when it is taken, rather than moving to another. */
export async function serveDev(root: string, port: number, options: AnswerOptions): Promise<{ url: string }> {
  const answer = createAnswer(options, port);
  const server = await dev({
    root,
    server: { port, host: options.open ? "0.0.0.0" : "127.0.0.1" },
    vite: {
      plugins: [
        {
          name: "perflab-api",
          configureServer(vite) {
            vite.middlewares.use((req: IncomingMessage, res: ServerResponse, next: () => void) =>
              answer(req, res, next),
            );
          },
        },
      ],
    },
  });
  if (server.address.port === port) return { url: `http://127.0.0.1:${port}` };
  await server.stop();
  throw Object.assign(new Error(`port ${port} is taken`), { code: "EADDRINUSE" });
}
