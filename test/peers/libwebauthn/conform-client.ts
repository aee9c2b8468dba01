/** libwebauthn as the command of `fido-hybrid conform client -- node --import tsx test/peers/libwebauthn/conform-client.ts`. */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { createServer } from 'node:tls'
import { decodeHex } from '../../../src/bytes/hex.js'
import { hear, startRadio } from './air.js'
import type { Radio } from './air.js'
import { writeFiles } from './files.js'
import type { Files } from './files.js'
import { Laptop } from './laptop.js'
import type { End } from './laptop.js'
import { ownNetworks } from './own-network.js'
import { compile } from './program.js'

const SOON_MS = 10

/** A variable of the contract. */
function given(name: string): string {
  const value = process.env[`FIDO_HYBRID_${name}`]
  if (value === undefined) throw new Error(`FIDO_HYBRID_${name} is missing`)
  return value
}

/** Takes the TLS off, which the tunnel service under this URL has not. @returns the socket’s path. */
async function withoutTls({ folder, certificate }: Files, url: URL): Promise<string> {
  const path = folder.at('tunnel')
  const server = createServer({ ...certificate }, laptop => {
    const service = connect(Number(url.port), url.hostname)
    laptop.pipe(service).pipe(laptop)
    laptop.on('error', () => service.destroy())
    service.on('error', () => laptop.destroy())
  })
  await once(server.listen(path), 'listening')
  return path
}

async function scanning({ bluez }: Radio): Promise<void> {
  while (Object.keys(bluez.sessions).length === 0) await setTimeout(SOON_MS)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function lineOf(end: End): string {
  if (end.event === 'done') return `RESULT ${JSON.stringify(end.responses[0])}`
  return `ERROR ${end.event === 'failed' ? end.error : end.event}`
}

const lacks = ownNetworks()
if (lacks !== undefined) throw new Error(lacks)
const [program, files, radio] = await Promise.all([compile(), writeFiles(), startRadio()])
const socket = await withoutTls(files, new URL(given('TUNNEL_URL')))
const { folder } = files
const bus = radio.bus.address
const hosts = folder.at('hosts')
const laptop = Laptop.inOwnNetwork({ program, bus, socket, ca: folder.at('ca.pem'), hosts })
createInterface({ input: process.stdin }).on('line', line => {
  const [, uuid = '', hex = ''] = line.split(' ')
  hear(radio, uuid, decodeHex(hex))
})

const code = await laptop.begin({
  operation: given('OPERATION') === 'register' ? 'register' : 'sign-in',
  by: 'code',
  origin: given('ORIGIN'),
  options: JSON.parse(await readFile(given('OPTIONS'), 'utf8')) as object,
})
await scanning(radio)
say(`QR ${code}`)
say(lineOf(await laptop.end()))
await laptop.stop()
await radio.bluez.stop()
await radio.bus.stop()
await folder.remove()
process.exit()
