/** A typed array that grows as values come. */
type Column = Float64Array | Uint32Array | Uint16Array | Uint8Array;

export class Growing<T extends Column> {
  readonly #type: new (length: number) => T;
  #values: T;
  #n = 0;

  constructor(type: new (length: number) => T) {
    this.#type = type;
    this.#values = new type(64);
  }

  get length(): number {
    return this.#n;
  }

  push(value: number): void {
    if (this.#n === this.#values.length) {
      const grown = new this.#type(2 * this.#n);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#n++] = value;
  }

  /** A copy of what there is. */
  taken(): T {
    return this.#values.slice(0, this.#n) as T;
  }
}
