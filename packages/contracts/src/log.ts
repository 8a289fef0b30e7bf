/** What whoever has something to say needs of a logger: events with fields, never sentences. */
export type Log<Level extends 'info' | 'warn' | 'error' = 'info'> = Record<
  Level,
  (fields: object, event: string) => void
>
