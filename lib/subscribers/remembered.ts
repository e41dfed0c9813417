/**
 * What was read stands for so many milliseconds, for whoever asks. A failure is not remembered.
 * @param now epoch milliseconds
 */
export function rememberedFor<Value>(
  ms: number,
  read: () => Promise<Value>,
  now: () => number,
): () => Promise<Value> {
  let last: { at: number; value: Promise<Value> } | undefined;
  return () => {
    if (last && now() - last.at < ms) return last.value;
    const reading = { at: now(), value: read() };
    last = reading;
    reading.value.catch(() => {
      if (last === reading) last = undefined;
    });
    return reading.value;
  };
}
