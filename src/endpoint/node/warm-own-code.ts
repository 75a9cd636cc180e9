/** Runs the stream reader on made-up answers once per process, so that its code is compiled before the first real chunk. */
import { StreamReader } from "../../engine/benchmark/stream-reader.ts";

const ANSWERS = 40;
const CHUNKS = 250;

let warm = false;

export function warmOwnCode(): void {
  if (warm) return;
  warm = true;
  const text = new TextEncoder();
  for (let answer = 0; answer < ANSWERS; answer++) {
    const reader = new StreamReader(() => {});
    reader.headers(200);
    for (let i = 0; i < CHUNKS; i++) {
      const event = {
        id: `warm-${answer}`,
        choices: [{ index: 0, delta: { content: ` word${i}` }, finish_reason: null }],
      };
      reader.push(text.encode(`data: ${JSON.stringify(event)}\n\n`), i);
    }
    reader.push(text.encode("data: [DONE]\n\n"), CHUNKS);
    reader.end(CHUNKS);
  }
}
