import type { ExportBook, ExportProgress } from "../../lib/metrics/export/export-progress.ts";

/** Stands in for the bookkeeping item; passes the contract suite of the DynamoDB adapter. */
export class ExportBookInMemory implements ExportBook {
  progress: ExportProgress | undefined;

  async look(): Promise<ExportProgress | undefined> {
    return structuredClone(this.progress);
  }

  async keep(progress: ExportProgress, before: ExportProgress | undefined): Promise<boolean> {
    if (this.progress?.exportedUntil !== before?.exportedUntil) return false;
    this.progress = structuredClone(progress);
    return true;
  }
}
