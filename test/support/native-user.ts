/**
 * A process that scans with noble (`FAMILY scan`) or advertises with bleno (`FAMILY advertise HEX`), says what happens,
 * and stops when a line comes in or when it is interrupted.
 */
import { once } from 'node:events'
import { blenoAdvertiser } from '../../src/adapters/bleno/bleno.js'
import { nobleScanner } from '../../src/adapters/noble/noble.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'

const say = (word: string): boolean => process.stdout.write(`${word}\n`)
const listener = {
  started: () => say('started'),
  advert: ({ serviceData }: { serviceData: Uint8Array }) => say(encodeHex(serviceData)),
  failed: ({ code }: { code: string }) => say(`failed ${code}`),
}

const [, , prefix, role, hex = ''] = process.argv
const family = prefix === '@stoprocent' ? prefix : '@abandonware'
const running =
  role === 'scan'
    ? nobleScanner({ family }).scan(listener)
    : blenoAdvertiser({ family }).advertise(decodeHex(hex), listener)
await Promise.race([once(process.stdin, 'data'), once(process, 'SIGINT')])
process.stdin.destroy()
await running.stop()
say('stopped')
