import pc from 'picocolors'
import { describeFailure } from './failure.js'
import type { Narrator, Page, Who } from './narrator.js'
import type { Verified } from './verified.js'

/** Columns. */
const TIME_WIDTH = 10
const NAME_WIDTH = 15
const LABEL_WIDTH = 20

type Colors = ReturnType<typeof pc.createColors>

/** Tells the story to people: one line a step. */
export function humanNarrator(page: Page, colored: boolean): Narrator {
  const colors = pc.createColors(colored)
  const line = (text: string): void => page.out(`${text}\n`)
  return {
    tell: ({ who, words }) => line(`${timeOf(page, colors)}  ${nameOf(who, colors)}${words}`),
    draw: qr => line(`\n${drawingFor(page, qr.toTerminal())}`),
    prompt: words => line(colors.bold(words)),
    conclude: (verified, { messages }) => {
      line('\nThe relying party verified')
      for (const [label, value] of rowsOf(verified)) line(`  ${label.padEnd(LABEL_WIDTH)}${value}`)
      line(`\nThree ceremonies in ${page.elapsed().toFixed(0)} ms, ${messages} messages through the tunnel.`)
    },
    fail: error => {
      const { name = 'Error', code, message, cure } = describeFailure(error)
      page.err(`${colors.red(name)} ${code}: ${message}\n${cure === undefined ? '' : `${cure}\n`}`)
    },
  }
}

/** A code whose lines the terminal breaks is noise; here nobody has to read it. */
function drawingFor({ columns = Infinity }: Page, drawing: string): string {
  const [line = ''] = drawing.split('\n')
  return line.length <= columns ? drawing : `(the QR code takes ${line.length} columns)`
}

function timeOf(page: Page, colors: Colors): string {
  return colors.dim(`${page.elapsed().toFixed(1)} ms`.padStart(TIME_WIDTH))
}

function nameOf(who: Who, colors: Colors): string {
  const paint = {
    laptop: colors.cyan,
    phone: colors.green,
    service: colors.magenta,
    'relying-party': colors.yellow,
  }
  return paint[who](who.replace('-', ' ').padEnd(NAME_WIDTH))
}

function rowsOf(verified: Verified): readonly (readonly [label: string, value: string])[] {
  return [
    ['credential ID', verified.credentialId],
    ['algorithm', verified.algorithm],
    ['user verified', verified.userVerified ? 'yes, every time' : 'no'],
    ['attestation format', verified.attestationFormat],
    ['sign-in counter', String(verified.signCount)],
  ]
}
