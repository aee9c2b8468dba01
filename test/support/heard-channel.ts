import type { DataChannelObserver } from '../../src/ports/data-channel.js'

/** What a data channel has told. */
export interface Heard {
  readonly observer: DataChannelObserver
  readonly words: string[]
  readonly bytes: () => number
  readonly until: (word: string) => Promise<void>
  readonly untilBytes: (count: number) => Promise<void>
}

export function hearing(): Heard {
  const words: string[] = []
  let bytes = 0
  let wake = (): void => undefined
  const note = (word: string): void => {
    words.push(word)
    wake()
  }
  const wait = async (isDue: () => boolean): Promise<void> => {
    while (!isDue()) await new Promise<void>(resolve => (wake = resolve))
  }
  return {
    words,
    bytes: () => bytes,
    until: word => wait(() => words.includes(word)),
    untilBytes: count => wait(() => bytes >= count),
    observer: {
      open: () => note('open'),
      bytes: chunk => {
        bytes += chunk.length
        wake()
      },
      closed: () => note('closed'),
      failed: ({ code }) => note(code),
    },
  }
}
