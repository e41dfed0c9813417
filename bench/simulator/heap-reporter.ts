/** Loaded before the simulator: tells its parent, when asked, how much of the heap is in use after a collection. */
process.on("message", () => {
  globalThis.gc?.();
  process.send?.(process.memoryUsage().heapUsed);
});
/** A bench that dies leaves nothing behind. */
process.on("disconnect", () => process.exit());
process.channel?.unref();
