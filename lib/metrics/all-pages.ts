import type { Page, PageRequest } from "./metrics.ts";

const atOnce = 500;

/** What all pages have, page after page. */
export async function allPages<Item>(pageAt: (page: PageRequest) => Promise<Page<Item>>): Promise<Item[]> {
  const all: Item[] = [];
  let cursor: string | undefined;
  do {
    const { items, next } = await pageAt({ limit: atOnce, cursor });
    all.push(...items);
    cursor = next;
  } while (cursor !== undefined);
  return all;
}
