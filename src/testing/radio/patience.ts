/** What a promise gives, unless it takes too long. The timer does not outlive either. */
export async function within<T>(ms: number, promise: Promise<T>, tooLate: () => Error): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(tooLate())
    }, ms)
  })
  try {
    return await Promise.race([promise, limit])
  } finally {
    clearTimeout(timer)
  }
}

/** Lets everything that is ready happen, once. */
export function turn(): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, 0)
  })
}
