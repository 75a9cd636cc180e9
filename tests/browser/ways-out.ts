/** Ways out of a lab, to the network, the page and its storage: what tests/browser/lab-escape.spec.ts and `npm run test:firefox` try. */

/** Each tries to reach URL, or something of the page; what is caught is logged as "refused". */
export const routes: Readonly<Record<string, string>> = {
  fetch: "await g.fetch(URL_)",
  "fetch by its prototype": "await Object.getPrototypeOf(Object.getPrototypeOf(g)).fetch.call(g, URL_)",
  XMLHttpRequest: "const x = new g.XMLHttpRequest(); x.open('GET', URL_, false); x.send()",
  WebSocket:
    "await new Promise((yes, no) => { const s = new g.WebSocket(URL_.replace('http', 'ws')); s.onopen = yes; s.onerror = no })",
  EventSource: "await new Promise((yes, no) => { const s = new g.EventSource(URL_); s.onopen = yes; s.onerror = no })",
  importScripts: "g.importScripts(URL_)",
  "import of a URL": "const url = URL_; await import(url)",
  "a nested worker":
    "await new Promise((yes, no) => { const w = new g.Worker(URL_); w.onmessage = yes; w.onerror = no })",
  "a nested blob worker":
    "await new Promise((yes, no) => { const w = new g.Worker(g.URL.createObjectURL(new g.Blob([`fetch('${URL_}').then(() => postMessage(1))`]))); w.onmessage = yes; w.onerror = no })",
  "import of a blob that fetches":
    "await import(g.URL.createObjectURL(new g.Blob([`await fetch('${URL_}')`], { type: 'text/javascript' })))",
  localStorage: "g.localStorage.getItem('x')",
  sessionStorage: "g.sessionStorage.getItem('x')",
  indexedDB: "await new Promise((yes, no) => { const r = g.indexedDB.open('x'); r.onsuccess = yes; r.onerror = no })",
  "cache storage": "await g.caches.open('x')",
  "the parent's document": "g.parent.document.title",
  "the top window": "g.top.document.title",
  eval: "g.eval('1 + 1')",
  "the Function constructor": "new (g.Object.getPrototypeOf(function () {}).constructor)('return 1')()",
  "self-navigation": "g.location.href = URL_; g.location.assign(URL_)",
  "a window": "g.open(URL_).document",
  "the frame's messages": "g.postMessage({ v: 1, type: 'begin', run: 1 })",
};

/** What code can do besides, tried side by side in one run. Each comes to something truthy if it got anything; `to` is a URL of its own. */
export const others: Readonly<Record<string, string>> = {
  WebTransport: "const t = new g.WebTransport(to.replace('http:', 'https:')); await t.ready; return t",
  WebSocketStream: "return (await new g.WebSocketStream(to.replace('http', 'ws')).opened)",
  SharedWorker: "return new g.SharedWorker(to)",
  "a shared worker of a blob": "return new g.SharedWorker(blob(`fetch('${to}')`))",
  "a worker of a data URL": "return new g.Worker(`data:text/javascript,fetch('${to}')`)",
  "a module worker": "return new g.Worker(to, { type: 'module' })",
  RTCPeerConnection:
    "const p = new g.RTCPeerConnection({ iceServers: [{ urls: `stun:${to.slice(7, to.lastIndexOf('/hit'))}` }] }); p.createDataChannel('x'); await p.setLocalDescription(); return p",
  "a service worker": "return await g.navigator.serviceWorker.register(to)",
  fetchLater: "return g.fetchLater(to)",
  "a request kept alive": "return await g.fetch(to, { keepalive: true, mode: 'no-cors' })",
  "a beacon": "return g.navigator.sendBeacon(to, 'x')",
  "a beacon by its prototype": "return g.Navigator.prototype.sendBeacon.call(g.navigator, to)",
  "a request's own prototype": "return new (new g.Request(to).constructor)(to) && await g.fetch(new g.Request(to))",
  "a synchronous request": "const x = new g.XMLHttpRequest(); x.open('GET', to, false); x.send(); return x.status",
  "import of a data URL that fetches":
    "return await load(`data:text/javascript,await fetch('${to}');export default 1`)",
  "import of a data URL that imports": "return await load(`data:text/javascript,import '${to}'`)",
  "import of a file": "return await load('file:///etc/hostname')",
  "import of a file system": "return await load('filesystem:' + to)",
  "import of javascript:": "return await load(`javascript:fetch('${to}')`)",
  "import of JSON": "return await load(to, { with: { type: 'json' } })",
  "import of CSS": "return await load(to, { with: { type: 'css' } })",
  "import of text": "return await load(to, { with: { type: 'text' } })",
  "import of wasm": "return await load(to + '.wasm')",
  "import without a scheme": "return await load(to.slice(5))",
  "import of the page's own origin": "return await load('/sandbox.html')",
  "a module of a blob that imports": "return await load(blob(`import '${to}'; export default 1`))",
  "a module of a blob that exports from": "return await load(blob(`export * from '${to}'`))",
  "a module of a blob within a blob": "return await load(blob(`await import('${blob(`import '${to}'`)}')`))",
  "a blob whose source map is elsewhere":
    "await load(blob(`export default 1;\\n//# sourceMappingURL=${to}`)); return false",
  "a source URL elsewhere": "await load(blob(`export default 1;\\n//# sourceURL=${to}`)); return false",
  "a style sheet's @import": "const s = new g.CSSStyleSheet(); await s.replace(`@import url(${to})`); return s",
  "a font": "const f = new g.FontFace('x', `url(${to})`); await f.load(); return f",
  "the fonts of the scope": "return (await g.fonts.load('12px x', to)).length",
  "an image": "const i = new g.Image(); i.src = to; return i",
  "an SVG image":
    "return await g.createImageBitmap(new g.Blob([`<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><image href='${to}'/></svg>`], { type: 'image/svg+xml' }))",
  "an image decoder":
    "const d = new g.ImageDecoder({ type: 'image/svg+xml', data: new g.TextEncoder().encode(to) }); await d.decode(); return d",
  "a canvas's filter":
    "const c = new g.OffscreenCanvas(9, 9).getContext('2d'); c.filter = `url(${to}#f)`; c.fillRect(0, 0, 9, 9); return false",
  "a canvas's font":
    "const c = new g.OffscreenCanvas(9, 9).getContext('2d'); c.font = `12px url(${to})`; c.fillText('x', 1, 9); return false",
  "a fetch in the background": "return await g.registration.backgroundFetch.fetch('x', [to])",
  "push messages": "return await g.registration.pushManager.subscribe()",
  "the async function's constructor": "return await (async () => 1).constructor(`await fetch('${to}'); return 1`)()",
  "the generator's constructor": "return (function* () {}).constructor(`yield fetch('${to}')`)().next()",
  "the async generator's constructor":
    "return await (async function* () {}).constructor(`yield fetch('${to}')`)().next()",
  "eval by another name": "return (0, g.eval)(`fetch('${to}')`)",
  "eval through a proxy's constructor": "return new Proxy(class {}.constructor, {})(`return fetch('${to}')`)()",
  "a timer of text": "return g.setTimeout(`fetch('${to}')`)",
  "an interval of text": "return g.setInterval(`fetch('${to}')`, 10)",
  "trusted types":
    "return g.setTimeout(g.trustedTypes.createPolicy('p', { createScript: (s) => s }).createScript(`fetch('${to}')`))",
  "scripts by their prototype": "return g.WorkerGlobalScope.prototype.importScripts.call(g, to)",
  "fetch by the scope's constructor": "return await g.constructor.prototype.fetch.call(g, to)",
  "fetch by descriptors":
    "return await Object.getOwnPropertyDescriptor(g.WorkerGlobalScope.prototype, 'fetch').value.call(g, to)",
  "wasm that streams": "return await g.WebAssembly.compileStreaming(g.fetch(to))",
  "storage by its prototype": "return await g.StorageManager.prototype.getDirectory.call(g.navigator.storage)",
  "storage that persists": "return await g.navigator.storage.persist()",
  "locks by their prototype": "return await g.LockManager.prototype.request.call(g.navigator.locks, 'x', () => true)",
  "a database by its prototype": "return g.IDBFactory.prototype.open.call(g.indexedDB, 'x')",
  cookies: "return await g.cookieStore.set('x', to)",
  "a channel to the page": "const c = new g.BroadcastChannel('x'); c.postMessage(1); return c",
  "an event from the network": "return new g.EventSource(to).readyState === 0 && await wait()",
  reports: "return new g.ReportingObserver(() => undefined) && new g.Report()",
  "a stream to a URL": "return await new g.Response('x').body.pipeTo(new g.WebSocketStream(to).writable)",
  "a location": "g.location.assign(to); return true",
  "a location that is replaced": "g.location.replace(to); return true",
  "a client to navigate": "return await (await g.clients.openWindow(to))",
  "a file": "return new g.FileReaderSync().readAsText(new g.XMLHttpRequest().response)",
  "a presentation": "return await new g.PresentationRequest([to]).start()",
  "a payment":
    "return await new g.PaymentRequest([{ supportedMethods: to }], { total: { label: 'x', amount: { currency: 'EUR', value: '1' } } }).show()",
  "USB, serial and HID":
    "return (await g.navigator.usb.getDevices()).length + (await g.navigator.serial.getPorts()).length",
};

/** Code of a lab that tries them all; `url`/0, `url`/1 … are where the first, the second … would arrive. It prints "… got through", and "tried" with their number. */
export function tryingAll(url: string): string {
  const attempts = Object.entries(others).map(
    ([name, attempt], i) => `${JSON.stringify(name)}: async () => { const to = "${url}/${i}"; ${attempt}; }`,
  );
  return `const g: any = globalThis;
const blob = (code: string) => g.URL.createObjectURL(new g.Blob([code], { type: "text/javascript" }));
const load = (url: string, options?: any) => import(url, options);
const wait = () => new Promise<void>((resolve) => setTimeout(resolve, 1_000));
const attempts: Record<string, () => Promise<any>> = {
${attempts.join(",\n")}
};
for (const [name, attempt] of Object.entries(attempts)) {
  Promise.race([attempt(), wait()]).then((got) => got && console.log(name + " got through"), () => undefined);
}
await wait();
await wait();
console.log("tried", Object.keys(attempts).length);`;
}
