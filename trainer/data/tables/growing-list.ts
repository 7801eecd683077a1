/** A list of numbers that doubles its capacity as it grows. */
export class GrowingList {
  #values = new Float64Array(1_024);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  used(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}
