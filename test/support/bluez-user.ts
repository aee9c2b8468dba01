/** A process that scans (`scan`) or advertises (`advertise HEX`) on the system bus until a line comes in, and says what happens. */
import { once } from 'node:events'
import { bluezAdvertiser, bluezScanner } from '../../src/adapters/bluez/bluez.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'

const say = (word: string): boolean => process.stdout.write(`${word}\n`)
const listener = {
  started: () => say('started'),
  advert: ({ serviceData }: { serviceData: Uint8Array }) => say(encodeHex(serviceData)),
  failed: ({ code }: { code: string }) => say(`failed ${code}`),
}

const [, , role, hex = ''] = process.argv
const running =
  role === 'scan'
    ? bluezScanner({ adapter: 'hci1' }).scan(listener)
    : bluezAdvertiser({ adapter: 'hci0' }).advertise(decodeHex(hex), listener)
await once(process.stdin, 'data')
process.stdin.pause()
await running.stop()
say('stopped')
