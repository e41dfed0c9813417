/** SQS takes no U+FFFE and U+FFFF, which JSON does, and an emulator nothing beyond U+FFFF: escaped they are the same JSON to all. */
const refusedBySqs = /[\uD800-\uDFFF\uFFFE\uFFFF]/g;

/** As JSON that every queue takes. */
export const textForSqs = (input: unknown): string =>
  (JSON.stringify(input) ?? "").replace(
    refusedBySqs,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  );
