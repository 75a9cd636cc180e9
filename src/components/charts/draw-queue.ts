/** Pictures that wait to be drawn: a few a frame, so that a page with many charts keeps answering. */

/** Milliseconds of a frame that drawing may take before the next picture waits for the next frame. */
const SLICE = 10;

const waiting = new Set<() => void>();

/** Draws soon, once, however often it is asked for before that. */
export function drawSoon(draw: () => void): void {
  if (waiting.size === 0) requestAnimationFrame(some);
  waiting.add(draw);
}

/** No longer wanted. */
export function forget(draw: () => void): void {
  waiting.delete(draw);
}

function some(): void {
  const start = performance.now();
  for (const draw of [...waiting]) {
    waiting.delete(draw);
    try {
      draw();
    } catch (error) {
      // One picture that fails leaves the others their turn.
      reportError(error);
    }
    if (performance.now() - start > SLICE) break;
  }
  if (waiting.size > 0) requestAnimationFrame(some);
}
