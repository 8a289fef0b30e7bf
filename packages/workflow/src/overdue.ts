/** So long after its time others take over: a deadline that its timer missed, a move that its worker did not finish. */
export const OVERDUE_MS = 5_000
