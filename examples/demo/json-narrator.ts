import { describeFailure } from './failure.js'
import type { Narrator, Page } from './narrator.js'

/** Tells the story to scripts: JSON Lines, one object a step. */
export function jsonNarrator(page: Page): Narrator {
  const line = (fields: object): void => {
    page.out(`${JSON.stringify(fields)}\n`)
  }
  const elapsedMs = (): number => Number(page.elapsed().toFixed(1))
  return {
    tell: ({ who, event, facts }) => line({ who, event, elapsedMs: elapsedMs(), ...facts }),
    // Anyone who can read the QR code can take part, so it stays out of a script’s log.
    draw: () => undefined,
    prompt: words => page.err(`${words}\n`),
    conclude: (verified, totals) =>
      line({ event: 'verified', who: 'relying-party', elapsedMs: elapsedMs(), ...verified, ...totals }),
    fail: error => line({ event: 'error', elapsedMs: elapsedMs(), ...describeFailure(error) }),
  }
}
