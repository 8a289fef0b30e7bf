/** One step of a price: up or down by at most half a percent, never below a cent. */
export function nextPrice(previous: number, random: number): number {
  const change = (random - 0.5) * 0.01
  return Math.max(0.01, Math.round(previous * (1 + change) * 100) / 100)
}
