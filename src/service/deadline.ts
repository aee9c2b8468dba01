/** When the first of these expires, Infinity if there is none: they stand in the order of their deadlines. */
export function firstDeadline(inOrder: ReadonlyMap<unknown, { readonly deadline: number }>): number {
  for (const { deadline } of inOrder.values()) return deadline
  return Infinity
}
