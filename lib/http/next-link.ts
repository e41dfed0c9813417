/**
 * The header that leads to the next page, relative to the address that was asked, whatever name and base path it has. In the form
 * that signatures are over: not every client that follows a link sorts its query, or knows that + is a space.
 */
export function nextLink(query: Record<string, string>, cursor: string): { link: string } {
  const following: Record<string, string> = { ...query, cursor };
  const parameters = Object.keys(following)
    .toSorted()
    .map((name) => `${name}=${encoded(following[name] ?? "")}`);
  return { link: `<?${parameters.join("&")}>; rel="next"` };
}

/** Signature Version 4 leaves letters, digits and - . _ ~ as they are, and nothing else. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
