/** What was read not long ago, by all who ask for it; a failure is not kept. */
export class Kept<Value> {
  private readonly lifeMs: number;
  private readonly now: () => number;
  private reading: { at: number; value: Promise<Value> } | undefined;

  constructor(lifeMs: number, now: () => number) {
    this.lifeMs = lifeMs;
    this.now = now;
  }

  /** @param since epoch milliseconds; what was read before is read again */
  get(read: () => Promise<Value>, since = 0): Promise<Value> {
    const at = this.now();
    const known = this.reading;
    if (known && known.at >= since && known.at + this.lifeMs > at) return known.value;
    const reading = { at, value: read() };
    this.reading = reading;
    reading.value.catch(() => {
      if (this.reading === reading) this.reading = undefined;
    });
    return reading.value;
  }

  forget(): void {
    this.reading = undefined;
  }
}
