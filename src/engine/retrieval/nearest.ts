/** Binary heaps of (distance, id): the smallest or the largest on top. */

/** `order` 1 keeps the nearest on top, −1 the farthest. */
export class Heap {
  readonly #order: number;
  #keys: number[] = [];
  #ids: number[] = [];
  constructor(order: 1 | -1) {
    this.#order = order;
  }
  get size(): number {
    return this.#keys.length;
  }
  /** Distance on top; Infinity where empty. */
  get top(): number {
    return this.#keys.length > 0 ? this.#order * this.#keys[0] : Infinity;
  }
  push(distance: number, id: number): void {
    const keys = this.#keys;
    const ids = this.#ids;
    const key = this.#order * distance;
    let i = keys.length;
    keys.push(key);
    ids.push(id);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (keys[parent] <= key) break;
      keys[i] = keys[parent];
      ids[i] = ids[parent];
      i = parent;
    }
    keys[i] = key;
    ids[i] = id;
  }
  /** Id on top, taken off; −1 where empty. */
  pop(): number {
    const keys = this.#keys;
    const ids = this.#ids;
    if (keys.length === 0) return -1;
    const id = ids[0];
    const key = keys.pop() as number;
    const moved = ids.pop() as number;
    const n = keys.length;
    if (n === 0) return id;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= n) break;
      if (child + 1 < n && keys[child + 1] < keys[child]) child++;
      if (keys[child] >= key) break;
      keys[i] = keys[child];
      ids[i] = ids[child];
      i = child;
    }
    keys[i] = key;
    ids[i] = moved;
    return id;
  }
  /** Ids and distances, nearest first; ties by id. */
  sorted(): { id: number; distance: number }[] {
    return this.#ids
      .map((id, i) => ({ id, distance: this.#order * this.#keys[i] }))
      .sort((a, b) => a.distance - b.distance || a.id - b.id);
  }
}

/** The k nearest of what it is offered. */
export class Nearest {
  readonly #heap = new Heap(-1);
  readonly #k: number;
  constructor(k: number) {
    this.#k = k;
  }
  offer(distance: number, id: number): void {
    if (this.#heap.size < this.#k) this.#heap.push(distance, id);
    else if (distance < this.#heap.top) {
      this.#heap.pop();
      this.#heap.push(distance, id);
    }
  }
  sorted(): { id: number; distance: number }[] {
    return this.#heap.sorted();
  }
}
