import { isatty } from 'node:tty'
import { parseArgs } from 'node:util'
import pc from 'picocolors'
import { startSecurityInfo } from './security-info.js'
import type { SecurityInfo, SecurityInfoOptions } from './security-info.js'

const EXIT = { done: 0, failed: 1, usage: 2 } as const
const DEFAULT_PORT = '8080'
const PORT_MAX = 65_535
const SECONDS = 1000

const HELP = `npm run demo:web [-- OPTIONS]

A site with accounts and their "Security info" page, a laptop, and a virtual phone in a browser window: add a passkey with
the phone, sign in with it, delete it on both sides. Everything is on loopback; only the radio is simulated.

  --port NUMBER        of the pages; 0 picks a free one (default ${DEFAULT_PORT})
  --data FOLDER        keep accounts and passkeys there; without it nothing stays
  --patience SECONDS   how long the laptop waits for the phone, and for its user (default 120 and 300)
  --tunnel-url URL     a tunnel service instead of the demo's own
  --json               JSON Lines: {"event":"listening","url":…,"phoneUrl":…,"tunnelUrl":…,"airUrl":…}, then what goes wrong
  --help               this text

Examples:
  npm run demo:web
  npm run demo:web -- --port 0 --data ~/security-info

Serves until Ctrl-C, which is exit code 0; 1: it cannot start; 2: bad usage.
`

const OPTIONS = {
  port: { type: 'string', default: DEFAULT_PORT },
  data: { type: 'string' },
  patience: { type: 'string' },
  'tunnel-url': { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

const out = (text: string): void => void process.stdout.write(text)
const err = (text: string): void => void process.stderr.write(text)

interface Wanted extends SecurityInfoOptions {
  readonly json: boolean
  readonly help: boolean
}

async function main(args: readonly string[]): Promise<number> {
  const interrupted = interruption()
  const wanted = readArguments(args)
  if (wanted === undefined) return EXIT.usage
  if (wanted.help) {
    out(HELP)
    return EXIT.done
  }
  const tell = wanted.json ? tellScripts : tellPeople
  const onFault = (error: unknown): void => tell.failure(error)
  try {
    const demo = await startSecurityInfo({ ...wanted, onFault })
    tell.listening(demo)
    await interrupted
    await demo.close()
    return EXIT.done
  } catch (error) {
    tell.failure(error)
    return EXIT.failed
  }
}

/** Settles at Ctrl-C, and when nobody reads any more. */
function interruption(): Promise<void> {
  return new Promise(resolve => {
    process.once('SIGINT', resolve).once('SIGTERM', resolve)
    process.stdout.on('error', () => resolve())
  })
}

function readArguments(args: readonly string[]): Wanted | undefined {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS })
    const { json, help, data: folder, 'tunnel-url': tunnelUrl } = values
    const port = numberFrom('--port', values.port, PORT_MAX)
    const { patience } = values
    const ms = patience === undefined ? undefined : numberFrom('--patience', patience, PORT_MAX) * SECONDS
    return {
      port,
      json,
      help,
      folder,
      tunnelUrl,
      timeouts: ms === undefined ? ms : { advertMs: ms, responseMs: ms },
    }
  } catch (error) {
    err(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`)
    return undefined
  }
}

function numberFrom(option: string, text: string, max: number): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= max) return Number(text)
  throw new Error(`${option} takes a number from 0 to ${max}, not ${text}`)
}

const tellScripts = {
  listening: ({ url, phoneUrl, tunnelUrl, airUrl }: SecurityInfo): void =>
    out(`${JSON.stringify({ event: 'listening', url, phoneUrl, tunnelUrl, airUrl })}\n`),
  failure: (error: unknown): void =>
    out(`${JSON.stringify({ event: 'error', message: messageOf(error) })}\n`),
}

const tellPeople = {
  listening: ({ url, phoneUrl }: SecurityInfo): void => {
    const colors = pc.createColors(isatty(process.stdout.fd) && pc.isColorSupported)
    out(
      `The laptop  ${colors.cyan(url)}\nThe phone   ${colors.green(phoneUrl)}\n\n` +
        'Open both in a browser, side by side. Ctrl-C ends them.\n',
    )
  },
  failure: (error: unknown): void => err(`error: ${messageOf(error)}\n`),
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isTaken = 'code' in error && error.code === 'EADDRINUSE'
  return isTaken ? `${error.message}; --port 0 picks a free port` : error.message
}

process.exitCode = await main(process.argv.slice(2))
