/**
 * A worker of ours between a lab's worker and the page: whatever the lab sends is read, measured and thinned out here, in a thread
 * that nobody waits for. Learner code never runs here.
 */
import type { LabToPage } from "../protocol.ts";
import { Relay } from "./relay.ts";

/** Milliseconds between what is passed on to the page. */
const turn = 30;

const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<number>) => void) | null;
  postMessage(why: string): void;
};

/** Once: the number of the run, with the lab's port and the page's. What goes back to the frame is why the run has to end. */
scope.onmessage = ({ data: run, ports: [lab, page] }) => {
  scope.onmessage = null;
  if (lab === undefined || page === undefined) return;
  const relay = new Relay(run, {
    toPage: (message: LabToPage) => page.postMessage(message),
    flood(why) {
      lab.onmessage = null;
      lab.close();
      scope.postMessage(why);
    },
    later: (task) => void setTimeout(task, turn),
    now: () => performance.now(),
  });
  lab.onmessage = (event: MessageEvent<unknown>) => relay.take(event.data);
  page.onmessage = (event: MessageEvent<{ type?: unknown; n?: unknown }>) => {
    if (event.data.type === "ping") relay.pinged(Number(event.data.n));
    lab.postMessage(event.data);
  };
};
