type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Only what is known, so that it can be laid over what was known before. */
export function withoutUndefined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
