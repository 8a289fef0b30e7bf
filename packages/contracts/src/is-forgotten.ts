const REMEMBERED_MS = 86_400_000

/**
 * Whether what somebody did is so long ago that what had to follow is not made good any more: he has asked elsewhere by
 * then, and those who keep things from being done twice remember at least as long.
 */
export function isForgotten(at: number, now: number): boolean {
  return now - at > REMEMBERED_MS
}
