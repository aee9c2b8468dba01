import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import type { Interface } from 'node:readline/promises'
import type { Readable, Writable } from 'node:stream'

/** A terminal with a person at it. */
export interface Terminal {
  readonly input: Readable
  readonly output: Writable
  /** What Ctrl-C does while the question stands. */
  onInterrupt(): void
}

/** The line that the person gives; undefined once the terminal is closed or the question is withdrawn. */
export async function question(
  terminal: Terminal,
  text: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { input, output } = terminal
  const prompt = createInterface({ input, output, terminal: true })
  prompt.on('SIGINT', () => {
    terminal.onInterrupt()
  })
  try {
    return await answerTo(prompt, text, signal)
  } finally {
    prompt.close()
  }
}

async function answerTo(prompt: Interface, text: string, signal: AbortSignal): Promise<string | undefined> {
  const closed = once(prompt, 'close').then(() => undefined)
  try {
    return await Promise.race([prompt.question(text, { signal }), closed])
  } catch (error) {
    // So does Ctrl-D end a question.
    if (error instanceof Error && error.name === 'AbortError') return undefined
    throw error
  }
}
