import type { State } from "../contacts/contact-states.ts";
import type { Shown } from "./record-view.ts";

/** The table `contacts` as the API may read it: only what is shown, never an internal record, and nothing is changed. */
export interface RecordReader {
  /** Consistent. */
  look(requestId: string): Promise<Shown | undefined>;
  /**
   * Goes on behind the key `after`, in an order that has no meaning and stays the same. Not consistent: what has just been
   * written may be missing.
   * @param atMost how many records to look at, however few of them are found
   */
  stretch(of: Selection, after: string | undefined, atMost: number): Promise<Stretch>;
}

export interface Selection {
  /** One part of a campaign; the whole table where it is missing. */
  campaignShard?: string | undefined;
  state?: State | undefined;
}

export interface Stretch {
  found: Shown[];
  /** How many records were looked at. */
  read: number;
  /** The key behind which it goes on; missing where nothing does. */
  end?: string;
}
