/** Takes the ways out of the worker's global scope. The Content Security Policy blocks them already; this makes them absent. */

const wayOut = [
  "fetch",
  "fetchLater",
  "Request",
  "XMLHttpRequest",
  "WebSocket",
  "WebSocketStream",
  "WebTransport",
  "EventSource",
  "RTCPeerConnection",
  "RTCDataChannel",
  "importScripts",
  "indexedDB",
  "caches",
  "CacheStorage",
  "cookieStore",
  "BroadcastChannel",
  "Worker",
  "SharedWorker",
  "postMessage",
  "close",
  "onmessage",
  "FontFace",
  "fonts",
  "Notification",
  "FileReaderSync",
  "webkitRequestFileSystem",
  "webkitRequestFileSystemSync",
  "webkitResolveLocalFileSystemURL",
  "webkitResolveLocalFileSystemSyncURL",
  "eval",
  "WebAssembly",
] as const;

/** Removes each name from the global object and from every prototype above it. */
export function closeWaysOut(scope: object): void {
  for (const name of wayOut) {
    for (let holder: object | null = scope; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
      if (!Object.hasOwn(holder, name)) continue;
      if (!Reflect.deleteProperty(holder, name)) Reflect.set(holder, name, undefined);
    }
  }
}
