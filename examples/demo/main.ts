import { isatty } from 'node:tty'
import { parseArgs } from 'node:util'
import pc from 'picocolors'
import { alwaysApprove } from 'fido-hybrid/virtual'
import { runDemo } from './demo.js'
import { isInterrupt } from './failure.js'
import { humanNarrator } from './human-narrator.js'
import { jsonNarrator } from './json-narrator.js'
import { KeyboardConsent } from './keyboard-consent.js'
import type { Page } from './narrator.js'

const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const

const HELP = `npm run demo [-- OPTIONS]

A laptop and a phone register a passkey and sign in with it, by QR code and then by link, over a real tunnel service with
TLS on this machine; only the radio is simulated. Nothing is installed, and nothing stays.

  --json    JSON Lines: one object a step, the last {"event":"verified",…} or {"event":"error",…}
            (npm writes lines of its own before them, but for npm run --silent demo)
  --ask     you are the phone's user: Enter, y or yes approves; n, anything else and the end of input refuse
  --help    this text

Exit code: 0 done, 1 failed, 2 bad usage, 130 interrupted by Ctrl-C, which leaves nothing running.
Colours only on a terminal, and not with NO_COLOR set.
`

const OPTIONS = {
  json: { type: 'boolean', default: false },
  ask: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

const out = (text: string): void => void process.stdout.write(text)
const err = (text: string): void => void process.stderr.write(text)

async function main(args: readonly string[]): Promise<number> {
  const wanted = readArguments(args)
  if (wanted === undefined) return EXIT.usage
  if (wanted.help) {
    out(HELP)
    return EXIT.done
  }
  const startedAt = performance.now()
  const { columns } = process.stdout
  const page: Page = { out, err, columns, elapsed: () => performance.now() - startedAt }
  return play(page, wanted)
}

async function play(page: Page, { json, ask }: { json: boolean; ask: boolean }): Promise<number> {
  const narrator = json
    ? jsonNarrator(page)
    : humanNarrator(page, isatty(process.stdout.fd) && pc.isColorSupported)
  const keyboard = new KeyboardConsent(process.stdin, words => narrator.prompt(words))
  try {
    await runDemo({ narrator, consent: ask ? keyboard : alwaysApprove(), signal: interruption() })
    return EXIT.done
  } catch (error) {
    narrator.fail(error)
    return isInterrupt(error) ? EXIT.interrupted : EXIT.failed
  } finally {
    keyboard.close()
  }
}

/** Fires at Ctrl-C, and when nobody reads any more. */
function interruption(): AbortSignal {
  const controller = new AbortController()
  const stop = (): void => controller.abort()
  process.once('SIGINT', stop)
  process.stdout.on('error', stop)
  return controller.signal
}

function readArguments(args: readonly string[]): { json: boolean; ask: boolean; help: boolean } | undefined {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values
  } catch (error) {
    err(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`)
    return undefined
  }
}

process.exitCode = await main(process.argv.slice(2))
