import { setMaxListeners } from "node:events";

/**
 * Calls `listener` when the signal aborts; returns how to stop listening. Many calls may wait on one signal, for
 * instance that of a stopping process, so Node's warning at eleven listeners is of no use here.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  setMaxListeners(0, signal);
  signal.addEventListener("abort", listener, { once: true });
  return () => signal.removeEventListener("abort", listener);
}
