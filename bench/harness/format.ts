/** A cost with three or four digits that say something. */
export function formatCost(cost: number): string {
  if (cost >= 100) return cost.toFixed(0)
  if (cost >= 10) return cost.toFixed(1)
  return cost >= 1 ? cost.toFixed(2) : cost.toFixed(3)
}

/** A ratio with the digits that mean something. */
export function formatRatio(ratio: number): string {
  return ratio >= 10 ? ratio.toFixed(1) : ratio.toFixed(2)
}
