/** What a hostile lab can try, attack by attack, and the test that holds each. `npm run test:firefox` tries those of "the network" too. */

export interface Attack {
  readonly attack: string;
  readonly by: string;
  /** Where the test is, and its name or, where one test tries many, the attack's name in it: as it stands there in quotes. */
  readonly file: string;
  readonly name: string;
}

const attack = (attack: string, by: string, file: string, name: string): Attack => ({ attack, by, file, name });
const waysOut = "tests/browser/ways-out.ts";
const hostile = "tests/browser/lab-hostile.spec.ts";
const robust = "tests/browser/lab-robust.spec.ts";

export const attacks: readonly Attack[] = [
  attack("the network", "fetch and its prototype", waysOut, "fetch by its prototype"),
  attack("the network", "XMLHttpRequest", waysOut, "a synchronous request"),
  attack("the network", "WebSocket, WebTransport, EventSource", waysOut, "WebTransport"),
  attack("the network", "WebRTC", waysOut, "RTCPeerConnection"),
  attack("the network", "beacons and requests kept alive", waysOut, "a beacon by its prototype"),
  attack("the network", "imports of every scheme", waysOut, "import of a data URL that fetches"),
  attack("the network", "nested and shared workers, a service worker", waysOut, "a shared worker of a blob"),
  attack("the network", "images, fonts, style sheets", waysOut, "a style sheet's @import"),
  attack("the network", "code made from text", waysOut, "the async function's constructor"),
  attack("navigation", "the worker's location", waysOut, "self-navigation"),
  attack("navigation", "a window, a client", waysOut, "a client to navigate"),
  attack("storage", "localStorage, IndexedDB, caches, cookies, files", waysOut, "a database by its prototype"),
  attack("storage", "locks and channels", waysOut, "a channel to the page"),
  attack("the parent", "its document, the top window", waysOut, "the parent's document"),
  attack("the parent", "messages as the frame sends them", waysOut, "the frame's messages"),
  attack(
    "the engine",
    "changing its catalogue for later code",
    "tests/browser/lab-escape.spec.ts",
    "engine objects are frozen",
  ),
  attack("the protocol", "keys named __proto__ and constructor", hostile, "prototypes in every message"),
  attack(
    "the protocol",
    "keys named __proto__ and constructor",
    "tests/lab/protocol.test.ts",
    "of type %s add nothing to any object, whatever their keys are called",
  ),
  attack("the protocol", "a run id that is another's", hostile, "a message of another run"),
  attack("the protocol", "a run id that is another's", "tests/lab/protocol.test.ts", "another run"),
  attack("the protocol", "a pass that no check gave", hostile, "a forged pass"),
  attack(
    "the protocol",
    "anything at all",
    "tests/lab/relay.test.ts",
    "never makes the frame throw, whatever it sends",
  ),
  attack("floods", "a million messages", hostile, "a million pongs"),
  attack("floods", "the console", robust, "a console flood keeps the first lines and says how many it dropped"),
  attack("floods", "measurements and texts", robust, "a flood of messages is stopped, and the next run works"),
  attack("size", "huge messages", hostile, "1,000 stacks of 20,000 letters"),
  attack("size", "values that share parts: a clone bomb", hostile, "a clone bomb"),
  attack("size", "lengths that are only claimed", hostile, "owners of a length of 1e12"),
  attack("size", "buffers and ports, transferred", hostile, "transferred garbage"),
  attack(
    "charts",
    "data that no chart can draw",
    "tests/lab/chart-message.test.ts",
    "is taken or refused, and never throws, whatever arrives",
  ),
  attack(
    "charts",
    "data at the edge of what can be drawn",
    "tests/browser/chart-limits.spec.ts",
    "24 distributions of 20,000 values",
  ),
  attack(
    "the console",
    "proxies, cycles, getters that throw",
    "tests/lab/console.test.ts",
    "in bounded size and time, whatever it holds",
  ),
  attack("the console", "what code throws", hostile, "throw Object.create(null);"),
  attack("processor", "a loop that never ends", robust, "the watchdog ends an endless loop, and the next run works"),
  attack("memory", "arrays without end", robust, "a memory bomb is stopped, and the next run works"),
  attack("time", "timers after the end", hostile, "timers that never end"),
  attack(
    "time",
    "a worker that outlives its run",
    "tests/browser/lab-crash.spec.ts",
    "a sandbox frame that is slow to confirm the end of a run takes no other run with it",
  ),
  attack(
    "time",
    "messages after done",
    "tests/lab/relay.test.ts",
    "is told to end when it has said done, whatever it says afterwards",
  ),
];
