declare module "dynalite" {
  import type { Server } from "node:http";

  interface Options {
    /** Where the tables are kept; in memory when absent. */
    path?: string;
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
  }
  export default function dynalite(options?: Options): Server;
}
