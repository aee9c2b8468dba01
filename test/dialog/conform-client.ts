/** Chromium’s own dialog as the command of `fido-hybrid conform client -- node --import tsx test/dialog/conform-client.ts`. */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer as createSite } from 'node:https'
import { connect } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { createServer as createTunnel } from 'node:tls'
import { decodeHex } from '../../src/bytes/hex.js'
import { launchWithAir } from '../../src/page.js'
import type { AirBrowser } from '../../src/page.js'
import { makeTunnelCertificate } from '../../src/page/dialog/tunnel-certificate.js'
import { ASSIGNED_DOMAINS } from '../../src/tunnel/domain.js'
import { ask } from './asking-page.js'

const CODE_WITHIN_MS = 40_000
/** The dialog has told its user by then what went wrong. */
const TOLD_MS = 2500

/** A variable of the contract. */
function given(name: string): string {
  const value = process.env[`FIDO_HYBRID_${name}`]
  if (value === undefined) throw new Error(`FIDO_HYBRID_${name} is missing`)
  return value
}

async function portOf(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}

/** Tunnels of the browser, with the TLS taken off that the service under this URL has not. */
class Tunnels {
  readonly server: Server
  #open = 0
  #onEnd: () => void = () => undefined
  /** Settles when all that were there are closed, for the first time. */
  readonly ended: Promise<void> = new Promise(resolve => (this.#onEnd = resolve))

  constructor(url: URL, certificate: { readonly cert: string; readonly key: string }) {
    this.server = createTunnel({ ...certificate }, browser => {
      this.#open += 1
      const service = connect(Number(url.port), url.hostname)
      browser.pipe(service).pipe(browser)
      browser.on('error', () => service.destroy())
      service.on('error', () => browser.destroy())
      browser.on('close', () => {
        this.#open -= 1
        if (this.#open === 0) this.#onEnd()
      })
    })
  }
}

/** Each line that is new is on the air from then on. */
function advertise({ surroundings: { advertiser } }: AirBrowser): void {
  const heard = new Set<string>()
  createInterface({ input: process.stdin }).on('line', line => {
    const [, , hex = ''] = line.split(' ')
    if (heard.has(hex)) return
    heard.add(hex)
    advertiser.advertise(decodeHex(hex), { started: () => undefined, failed: () => undefined })
  })
}

/** Closes what the dialog says until the page hears of it. @throws AbortError then. */
async function giveUp(browser: AirBrowser, signal: AbortSignal): Promise<void> {
  for (;;) {
    await setTimeout(TOLD_MS, undefined, { signal })
    await browser.cancelDialog({ signal }).catch(() => undefined)
  }
}

const certificate = makeTunnelCertificate()
const tunnels = new Tunnels(new URL(given('TUNNEL_URL')), certificate)
const site = createSite({ cert: certificate.cert, key: certificate.key }, (_, response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Example</title>')
})
const [tunnelPort, sitePort] = [await portOf(tunnels.server), await portOf(site)]
const origin = given('ORIGIN')
const rules = [
  ...ASSIGNED_DOMAINS.map(domain => `MAP ${domain} 127.0.0.1:${tunnelPort}`),
  `MAP ${new URL(origin).hostname} 127.0.0.1:${sitePort}`,
]
const browser = await launchWithAir({
  url: origin,
  certificates: [certificate.cert],
  args: [`--host-resolver-rules=${rules.join(', ')}`],
})
advertise(browser)

const options = JSON.parse(await readFile(given('OPTIONS'), 'utf8')) as object
const asked = ask(browser.page, given('OPERATION') === 'register' ? 'create' : 'get', options)
process.stdout.write(`QR ${await browser.nextCode({ withinMs: CODE_WITHIN_MS })}\n`)
const told = new AbortController()
tunnels.ended.then(() => giveUp(browser, told.signal)).catch(() => undefined)
const outcome = await asked
told.abort()
process.stdout.write(
  'response' in outcome ? `RESULT ${JSON.stringify(outcome.response)}\n` : `ERROR ${outcome.error}\n`,
)
await browser.close()
process.exit()
