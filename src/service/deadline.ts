/** When the first of these expires, Infinity for an empty map. The entries stand in the order of their deadlines. */
export function firstDeadline(inOrder: ReadonlyMap<unknown, { readonly deadline: number }>): number {
  for (const { deadline } of inOrder.values()) return deadline
  return Infinity
}
