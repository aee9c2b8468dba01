/** Runs after the caller has got its handle; the result calls it off. */
export function soon(task: () => void): () => void {
  let wanted = true
  queueMicrotask(() => {
    if (wanted) task()
  })
  return () => {
    wanted = false
  }
}
