import { inspect } from 'node:util'

/** More than any part takes, even where every instruction of the machine is emulated. */
const LIMIT_MS = 120_000

/** Plays a part, and tells on stdout what came of it: one line of JSON. Never rejects. */
export async function part(name: string, play: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now()
  const outcome = await limited(play()).then(
    result => ({ result }),
    (error: unknown) => ({ error: inspect(error) }),
  )
  const elapsedMs = Math.round(performance.now() - startedAt)
  process.stdout.write(`${JSON.stringify({ part: name, elapsedMs, ...outcome })}\n`)
}

async function limited<Result>(playing: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`not done after ${LIMIT_MS} ms`))
    }, LIMIT_MS)
  })
  return Promise.race([playing, tooLong]).finally(() => clearTimeout(timer))
}
