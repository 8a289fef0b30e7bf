/** Where work is handed over: resolves once it is sure to be done. */
export interface Enqueue<Payload> {
  enqueue(payload: Payload): Promise<void>
}
