/**
 * Binary min-heap of numbers 0..capacity-1 with a key each, in typed arrays: no garbage while searching. A number is in it
 * at most once; a smaller key moves it up.
 */
export class IndexedHeap {
  readonly #keys: Float64Array;
  readonly #items: Int32Array;
  /** Where each number is, -1 when it is not in the heap. */
  readonly #places: Int32Array;
  #size = 0;

  constructor(capacity: number) {
    this.#keys = new Float64Array(capacity);
    this.#items = new Int32Array(capacity);
    this.#places = new Int32Array(capacity).fill(-1);
  }

  get size(): number {
    return this.#size;
  }

  clear(): void {
    for (let place = 0; place < this.#size; place += 1) this.#places[this.#items[place]!] = -1;
    this.#size = 0;
  }

  /** Puts a number in, or gives it this key when it is in already and the key is smaller. */
  offer(item: number, key: number): void {
    let place = this.#places[item]!;
    if (place === -1) {
      place = this.#size;
      this.#size += 1;
    } else if (this.#keys[place]! <= key) {
      return;
    }
    this.rise(place, item, key);
  }

  /** Takes the number with the smallest key; -1 when there is none. */
  take(): number {
    if (this.#size === 0) return -1;
    const first = this.#items[0]!;
    this.#places[first] = -1;
    this.#size -= 1;
    if (this.#size > 0) this.sink(this.#items[this.#size]!, this.#keys[this.#size]!);
    return first;
  }

  private rise(from: number, item: number, key: number): void {
    const keys = this.#keys;
    const items = this.#items;
    const places = this.#places;
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (keys[parent]! <= key) break;
      const moved = items[parent]!;
      items[place] = moved;
      keys[place] = keys[parent]!;
      places[moved] = place;
      place = parent;
    }
    items[place] = item;
    keys[place] = key;
    places[item] = place;
  }

  private sink(item: number, key: number): void {
    const keys = this.#keys;
    const items = this.#items;
    const places = this.#places;
    const size = this.#size;
    let place = 0;
    for (let child = 1; child < size; child = 2 * place + 1) {
      if (child + 1 < size && keys[child + 1]! < keys[child]!) child += 1;
      if (keys[child]! >= key) break;
      const moved = items[child]!;
      items[place] = moved;
      keys[place] = keys[child]!;
      places[moved] = place;
      place = child;
    }
    items[place] = item;
    keys[place] = key;
    places[item] = place;
  }
}
