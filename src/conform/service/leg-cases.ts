import { randomBytes } from 'node:crypto'
import * as CLOSE_CODE from '../../bytes/close-code.js'
import { Unmet } from './legs.js'
import type { DrivenLeg } from './legs.js'
import type { ServiceCase } from './service-case.js'

const KIB = 1024
const MIB = KIB * KIB
const SIZES = [1, 81, 125, 126, 32 * KIB, 64 * KIB - 1, 64 * KIB]
const MANY = 50
const EARLY = 3
const TUNNELS = 8

/** A message goes in here and comes out there as it was. */
async function passes(from: DrivenLeg, to: DrivenLeg, message: Uint8Array): Promise<void> {
  from.send(message)
  const arrived = await to.next()
  if (!arrived.equals(message))
    throw new Unmet(`${message.length} bytes were sent, and ${arrived.length} others arrived`)
}

function inOrder(arrived: readonly Buffer[]): void {
  if (arrived.some((message, place) => message[0] !== place))
    throw new Unmet(`messages arrived in the order ${arrived.map(([first]) => first).join(', ')}`)
}

async function take(leg: DrivenLeg, count: number): Promise<readonly Buffer[]> {
  const taken: Buffer[] = []
  while (taken.length < count) taken.push(await leg.next())
  return taken
}

/** What a tunnel service does with messages and with the ends of its tunnels. */
export const LEG_CASES: readonly ServiceCase[] = [
  [
    'messages',
    'passes messages both ways as they are',
    '7.4',
    'must',
    'the same bytes on the other side',
    async service => {
      const { phone, client } = await service.pair()
      await passes(client, phone, randomBytes(81))
      await passes(phone, client, randomBytes(81))
    },
  ],
  [
    'message-sizes',
    'passes messages of 1 byte to 64 KiB',
    '7.4',
    'must',
    'the same bytes on the other side',
    async service => {
      const { phone, client } = await service.pair()
      for (const size of SIZES) await passes(phone, client, randomBytes(size))
    },
  ],
  [
    'message-256-kib',
    'passes a message of 256 KiB',
    '7.4',
    'should',
    'the same bytes on the other side',
    async service => {
      const { phone, client } = await service.pair()
      await passes(client, phone, randomBytes(256 * KIB))
    },
  ],
  [
    'message-1-mib',
    'passes a message of a mebibyte',
    '7.4',
    'may',
    'the same bytes on the other side',
    async service => {
      const { phone, client } = await service.pair()
      await passes(client, phone, randomBytes(MIB))
    },
  ],
  [
    'message-empty',
    'passes a message without bytes',
    '7.4',
    'may',
    'a message without bytes on the other side',
    async service => {
      const { phone, client } = await service.pair()
      await passes(phone, client, new Uint8Array())
    },
  ],
  [
    'message-fragments',
    'puts the fragments of a message together',
    '7.4',
    'must',
    'one message on the other side',
    async service => {
      const { phone, client } = await service.pair()
      client.send(Uint8Array.of(1), { fin: false })
      client.send(Uint8Array.of(2), { fin: false })
      client.send(Uint8Array.of(3), { fin: true })
      const arrived = await phone.next()
      if (!arrived.equals(Uint8Array.of(1, 2, 3)))
        throw new Unmet(`${arrived.length} bytes of 3 in a message`)
    },
  ],
  [
    'message-order',
    'keeps messages apart and in order',
    '7.4',
    'must',
    '50 messages in the order in which they were sent',
    async service => {
      const { phone, client } = await service.pair()
      for (let sent = 0; sent < MANY; sent++) client.send(Uint8Array.of(sent))
      inOrder(await take(phone, MANY))
    },
  ],
  [
    'message-early',
    'keeps what a phone sends before its client comes',
    '7.4',
    'must',
    '3 messages in the order in which they were sent',
    async service => {
      const { leg: phone, joinPath } = await service.phone()
      for (let sent = 0; sent < EARLY; sent++) phone.send(Uint8Array.of(sent))
      await phone.ping()
      const { leg: client } = await service.accepted(joinPath)
      inOrder(await take(client, EARLY))
    },
  ],
  [
    'message-text',
    'closes a tunnel on a text message',
    '7.4',
    'should',
    'close code 1003 for its sender, and an end for the other',
    async service => {
      const { phone, client } = await service.pair()
      client.send('text')
      const code = await client.closed()
      await phone.closed()
      if (code !== CLOSE_CODE.unsupportedData) throw new Unmet(`close code ${code}`)
    },
  ],
  [
    'message-oversized',
    'closes a tunnel on a message of 16 MiB',
    '7.5',
    'should',
    'an end of the tunnel for both',
    async service => {
      const { phone, client } = await service.pair()
      client.send(new Uint8Array(16 * MIB))
      await client.closed()
      await phone.closed()
    },
  ],
  [
    'unread',
    'bounds what it keeps for a client that does not come',
    '7.5',
    'should',
    'an end of the tunnel before 16 MiB are kept',
    async service => {
      const { leg: phone } = await service.phone()
      for (let sent = 0; sent < 16 * KIB; sent += 64) phone.send(new Uint8Array(64 * KIB))
      await phone.closed()
    },
  ],
  [
    'ping',
    'answers pings',
    '7.5',
    'must',
    'a pong',
    async service => {
      const { phone, client } = await service.pair()
      await phone.ping()
      await client.ping()
    },
  ],
  [
    'close-of-client',
    'tells a phone that its client has closed',
    '11',
    'must',
    'an end of the tunnel for the phone',
    async service => {
      const { phone, client } = await service.pair()
      client.close()
      await phone.closed()
    },
  ],
  [
    'close-of-phone',
    'tells a client that its phone has closed',
    '11',
    'must',
    'an end of the tunnel for the client',
    async service => {
      const { phone, client } = await service.pair()
      phone.close()
      await client.closed()
    },
  ],
  [
    'close-after-message',
    'delivers what was sent right before a close',
    '11',
    'must',
    'the message, and then the end',
    async service => {
      const { phone, client } = await service.pair()
      phone.send(randomBytes(32 * KIB))
      phone.close()
      await client.next()
      await client.closed()
    },
  ],
  [
    'cut-of-client',
    'tells a phone that the connection of its client was cut',
    '11',
    'should',
    'an end of the tunnel for the phone',
    async service => {
      const { phone, client } = await service.pair()
      client.terminate()
      await phone.closed()
    },
  ],
  [
    'several-tunnels',
    'keeps tunnels apart',
    '7.4',
    'must',
    'each message in its own tunnel, and in no other',
    async service => {
      const pairs = []
      for (let opened = 0; opened < TUNNELS; opened++) pairs.push(await service.pair())
      pairs.forEach(({ client }, place) => {
        client.send(Uint8Array.of(place))
      })
      inOrder(await Promise.all(pairs.map(({ phone }) => phone.next())))
      if (pairs.some(({ phone, client }) => phone.unread + client.unread > 0))
        throw new Unmet('a message more than were sent')
    },
  ],
]
