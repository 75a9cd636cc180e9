/** Any value as one line of text, in JavaScript's own notation: bounded in size and time, and without running the value's code where that can be helped. */

export interface InspectLimits {
  /** Letters. */
  readonly text: number;
  readonly depth: number;
  /** Elements or properties of one value. */
  readonly width: number;
}

const usual: InspectLimits = { text: 4_000, depth: 4, width: 100 };

/** Never throws, whatever the value does. */
export function inspect(value: unknown, limits: Partial<InspectLimits> = {}): string {
  return new Inspector({ ...usual, ...limits }).any(value, 0);
}

/** Text of an Error as it is printed: name, message, and what it was caused by or gathers. Never throws. */
export function inspectError(error: Error, limits: Partial<InspectLimits> = {}): string {
  return new Inspector({ ...usual, ...limits }).error(error, 0);
}

/** A text property that may be a getter, missing, or no text at all. */
export function textOf(of: object, key: string): string | undefined {
  try {
    const value: unknown = Reflect.get(of, key);
    return typeof value === "string" ? value : value === undefined || value === null ? undefined : inspect(value);
  } catch {
    return undefined;
  }
}

export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error || tagOf(value) === "DOMException";
  } catch {
    return false;
  }
}

class Inspector {
  readonly #limits: InspectLimits;
  readonly #above = new Set<object>();
  /** Letters written so far: what comes after is not looked at. */
  #written = 0;

  constructor(limits: InspectLimits) {
    this.#limits = limits;
  }

  any(value: unknown, depth: number): string {
    if (this.#written > this.#limits.text) return "…";
    try {
      const text = this.#shown(value, depth);
      if (typeof value !== "object" && typeof value !== "function") this.#written += text.length;
      return text;
    } catch {
      return "[a value that cannot be shown]";
    }
  }

  error(error: Error, depth: number): string {
    const name = textOf(error, "name") ?? "Error";
    const message = textOf(error, "message") ?? "";
    this.#written += message.length;
    let text = message === "" ? name : `${name}: ${this.#cut(message)}`;
    if (depth >= this.#limits.depth || this.#above.has(error)) return text;
    this.#above.add(error);
    const gathered = read(error, "errors");
    if (Array.isArray(gathered)) text += ` [errors: ${this.#list(gathered, depth)}]`;
    if (read(error, "cause") !== undefined) text += ` [cause: ${this.any(read(error, "cause"), depth + 1)}]`;
    const own = this.#properties(error, depth, new Set(["stack", "message", "name", "cause", "errors"]));
    this.#above.delete(error);
    return own === "" ? text : `${text} { ${own} }`;
  }

  #shown(value: unknown, depth: number): string {
    switch (typeof value) {
      case "string":
        return JSON.stringify(this.#cut(value));
      case "bigint":
        return `${this.#cut(String(value))}n`;
      case "number":
        return Object.is(value, -0) ? "-0" : String(value);
      case "function":
        return functionText(value);
      case "object":
        return value === null ? "null" : this.#object(value, depth);
      default:
        return String(value);
    }
  }

  #object(value: object, depth: number): string {
    if (this.#above.has(value)) return "[circular]";
    if (isError(value)) return this.error(value, depth);
    if (depth >= this.#limits.depth) return Array.isArray(value) ? `[… ${value.length}]` : "{…}";
    this.#above.add(value);
    try {
      return this.#known(value, depth) ?? this.#plain(value, depth);
    } finally {
      this.#above.delete(value);
    }
  }

  /** Kinds with a notation of their own; undefined for all others. */
  #known(value: object, depth: number): string | undefined {
    if (Array.isArray(value)) return `${nameBefore(value, "Array")}${this.#list(value, depth)}`;
    if (ArrayBuffer.isView(value))
      return value instanceof DataView
        ? `DataView(${value.byteLength})`
        : `${tagOf(value)}(${lengthOf(value)}) ${this.#list(value as unknown as ArrayLike<unknown>, depth)}`;
    const tag = tagOf(value);
    const boxed = boxes[tag]?.(value);
    if (boxed !== undefined) return boxed;
    if (value instanceof Map) return `Map(${sizeOf(Map.prototype, value)}) {${this.#entries(value, depth)}}`;
    if (value instanceof Set) return `Set(${sizeOf(Set.prototype, value)}) {${this.#members(value, depth)}}`;
    if (tag === "Arguments") return `[Arguments] ${this.#list(value as ArrayLike<unknown>, depth)}`;
    if (tag === "ArrayBuffer" || tag === "SharedArrayBuffer") return `${tag}(${(value as ArrayBuffer).byteLength})`;
    if (tag === "Blob" || tag === "File") return `${tag}(${(value as Blob).size})`;
    if (unknowable.has(tag)) return `${tag} {…}`;
    return platformText(value, tag);
  }

  #plain(value: object, depth: number): string {
    const body = this.#properties(value, depth);
    const prototype: unknown = Object.getPrototypeOf(value);
    const name = prototype === null ? "[Object: null prototype] " : nameBefore(value, "Object");
    return `${name}{${body === "" ? "" : ` ${body} `}}`;
  }

  #list(values: ArrayLike<unknown>, depth: number): string {
    const shown: string[] = [];
    const length = values.length;
    let at = 0;
    while (at < length && shown.length < this.#limits.width && this.#written <= this.#limits.text) {
      if (Array.isArray(values) && !(at in values)) {
        const from = at;
        // A sparse array may be four thousand million long: its next element is looked for, not waited for.
        at = nextElement(values, at, length);
        shown.push(`<${at - from} empty item${at - from === 1 ? "" : "s"}>`);
      } else shown.push(this.any(values[at++], depth + 1));
    }
    if (at < length) shown.push(`… ${length - at} more`);
    return `[${shown.join(", ")}]`;
  }

  #properties(value: object, depth: number, except: ReadonlySet<string> = new Set()): string {
    const shown: string[] = [];
    for (const key of Reflect.ownKeys(value)) {
      if (typeof key === "string" && except.has(key)) continue;
      const descriptor = Reflect.getOwnPropertyDescriptor(value, key);
      if (descriptor?.enumerable !== true) continue;
      if (shown.length >= this.#limits.width || this.#written > this.#limits.text) {
        shown.push("…");
        break;
      }
      const name = typeof key === "symbol" ? String(key) : isName(key) ? key : JSON.stringify(this.#cut(key));
      this.#written += name.length;
      shown.push(
        `${name}: ${"value" in descriptor ? this.any(descriptor.value, depth + 1) : accessorText(descriptor)}`,
      );
    }
    return shown.join(", ");
  }

  #entries(map: Map<unknown, unknown>, depth: number): string {
    const shown: string[] = [];
    for (const [key, value] of Map.prototype.entries.call(map) as Iterable<[unknown, unknown]>) {
      if (shown.length >= this.#limits.width || this.#written > this.#limits.text) return ` ${shown.join(", ")}, … `;
      shown.push(`${this.any(key, depth + 1)} => ${this.any(value, depth + 1)}`);
    }
    return shown.length === 0 ? "" : ` ${shown.join(", ")} `;
  }

  #members(set: Set<unknown>, depth: number): string {
    const shown: string[] = [];
    for (const value of Set.prototype.values.call(set) as Iterable<unknown>) {
      if (shown.length >= this.#limits.width || this.#written > this.#limits.text) return ` ${shown.join(", ")}, … `;
      shown.push(this.any(value, depth + 1));
    }
    return shown.length === 0 ? "" : ` ${shown.join(", ")} `;
  }

  #cut(text: string): string {
    const most = this.#limits.text;
    return text.length > most ? `${text.slice(0, most)}…` : text;
  }
}

/** What JavaScript lets nobody look into. */
const unknowable = new Set(["Promise", "WeakMap", "WeakSet", "WeakRef", "Generator", "AsyncGenerator"]);

const boxes: Readonly<Record<string, (value: object) => string>> = {
  Date: (value) => {
    const time = Date.prototype.getTime.call(value);
    return Number.isNaN(time) ? "Invalid Date" : new Date(time).toISOString();
  },
  RegExp: (value) => RegExp.prototype.toString.call(value),
  Number: (value) => `[Number: ${inspect(Number.prototype.valueOf.call(value))}]`,
  String: (value) => `[String: '${String.prototype.valueOf.call(value).slice(0, 1_000)}']`,
  Boolean: (value) => `[Boolean: ${String(Boolean.prototype.valueOf.call(value))}]`,
  BigInt: (value) => `[BigInt: ${BigInt.prototype.toString.call(value).slice(0, 1_000)}n]`,
  Symbol: (value) => `[Symbol: ${Symbol.prototype.toString.call(value)}]`,
};

/** What the browser's own objects say of themselves: a URL, its parameters, an Intl format. */
function platformText(value: object, tag: string): string | undefined {
  if (tag === "Object") return undefined;
  const own = Reflect.get(Object.getPrototypeOf(value) as object, "toString") as unknown;
  if (typeof own !== "function" || own === Object.prototype.toString) return undefined;
  const platform: unknown = Reflect.get(globalThis, tag);
  if (typeof platform !== "function" || platform.prototype !== Object.getPrototypeOf(value)) return undefined;
  const text = String(own.call(value)).slice(0, 4_000);
  return text.startsWith("[object ") ? undefined : text;
}

function read(of: object, key: string): unknown {
  try {
    return Reflect.get(of, key);
  } catch {
    return undefined;
  }
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

function lengthOf(value: ArrayBufferView): number {
  return (value as unknown as ArrayLike<unknown>).length;
}

function sizeOf(prototype: object, value: object): number {
  return Reflect.getOwnPropertyDescriptor(prototype, "size")!.get!.call(value) as number;
}

/** "Point " for an instance of a class; nothing for the usual kind. */
function nameBefore(value: object, usualName: string): string {
  const prototype = Object.getPrototypeOf(value) as object | null;
  const maker = prototype === null ? undefined : Reflect.getOwnPropertyDescriptor(prototype, "constructor");
  const constructor: unknown = maker !== undefined && "value" in maker ? maker.value : undefined;
  const tag = tagOf(value);
  const name = typeof constructor === "function" ? ownName(constructor) : tag === usualName ? "" : tag;
  return name === "" || name === usualName ? "" : `${name} `;
}

function functionText(value: object): string {
  const name = ownName(value);
  const source = Function.prototype.toString.call(value).slice(0, 6);
  return `[${source.startsWith("class") ? "class" : "function"} ${name === "" ? "anonymous" : name}]`;
}

function ownName(value: object): string {
  const descriptor = Reflect.getOwnPropertyDescriptor(value, "name");
  const name: unknown = descriptor !== undefined && "value" in descriptor ? descriptor.value : "";
  return typeof name === "string" ? name.slice(0, 100) : "";
}

function accessorText({ get, set }: PropertyDescriptor): string {
  return get === undefined ? "[setter]" : set === undefined ? "[getter]" : "[getter/setter]";
}

function isName(key: string): boolean {
  return key.length < 100 && /^[A-Za-z_$][\w$]*$/.test(key);
}

/** Index of the first element from `at` on, in as many steps as there are elements. */
function nextElement(values: readonly unknown[], at: number, length: number): number {
  const near = Math.min(length, at + 1_000);
  for (let i = at; i < near; i++) if (i in values) return i;
  if (near === length) return length;
  for (const key in values) {
    const index = Number(key);
    if (index >= near && index < length) return index;
  }
  return length;
}
