import { encodeHex } from '../../bytes/hex.js'
import type { DirectoryAnswer } from '../../ports/contact-directory.js'
import type { LinkedCall } from '../../ports/contact-line.js'
import { expectEqual } from '../radio/assertion.js'
import { DirectoryBench, someCall, someContact } from './harness.js'
import type { DirectoryHarness } from './harness.js'

/** A case of the suite before it has met a harness. */
interface DirectoryCaseOutline {
  readonly name: string
  readonly run: (harness: DirectoryHarness) => Promise<void>
}

const MANY_LINES = 1000
const CALLS_AT_A_TIME = 64
const LONGEST_PAYLOAD = 1024

export const DIRECTORY_CASES: readonly DirectoryCaseOutline[] = [
  directoryCase('a line that no member holds is unknown, before it was held and after', async bench => {
    const [one, other] = [await bench.seat(), await bench.seat()]
    const contact = someContact()
    expectEqual('before', await one.membership.call(contact, someCall()), 'unknown')
    other.membership.held(contact)
    await bench.callUntil(one, contact, 'ringing')
    other.membership.dropped(contact)
    await bench.callUntil(one, contact, 'unknown')
  }),
  directoryCase('a line that is held again is found again, and called once', async bench => {
    const [one, other] = [await bench.seat(), await bench.seat()]
    const contact = someContact()
    other.membership.held(contact)
    other.membership.dropped(contact)
    for (let time = 0; time < 2; time++) other.membership.held(contact)
    await bench.callUntil(one, contact, 'ringing')
    const before = other.probe.calls.length
    expectEqual('a call', await one.membership.call(contact, someCall()), 'ringing')
    // What was sent twice has come twice once another call is answered.
    expectEqual('another call', await one.membership.call(contact, someCall()), 'ringing')
    expectEqual('calls', other.probe.calls.length - before, 2)
  }),
  ...(['ringing', 'gone', 'busy', 'too-often'] as const).map(answer =>
    directoryCase(`a call brings the holder’s answer: ${answer}`, async bench => {
      const [asker, holder] = [await bench.seat(), await bench.seat(() => answer)]
      const contact = someContact()
      holder.membership.held(contact)
      await bench.callUntil(asker, contact, answer)
    }),
  ),
  directoryCase('a call arrives as it was sent, with the shortest and the longest payload', async bench => {
    const [asker, holder] = [await bench.seat(), await bench.seat()]
    const contact = someContact()
    holder.membership.held(contact)
    await bench.callUntil(asker, contact, 'ringing')
    const calls = [1, LONGEST_PAYLOAD].map(length => someCall(new Uint8Array(length).fill(length)))
    for (const call of calls) await asker.membership.call(contact, call)
    expectEqual('calls', holder.probe.calls.slice(-2).map(inHex), calls.map(inHex))
  }),
  directoryCase('a silent holder is waited for, and no other answer is made up', async bench => {
    const [asker, holder] = [await bench.seat(), await bench.seat(() => 'silent')]
    const contact = someContact()
    holder.membership.held(contact)
    await bench.callUntil(asker, contact, 'silent')
  }),
  directoryCase('of two holders the one that is not silent answers', async bench => {
    const asker = await bench.seat()
    const silent = await bench.seat(() => 'silent')
    const contact = someContact()
    silent.membership.held(contact)
    await bench.callUntil(asker, contact, 'silent')
    const answers = await bench.seat(() => 'busy')
    answers.membership.held(contact)
    await bench.callUntil(asker, contact, 'busy')
  }),
  ...[0, 1].map(first =>
    directoryCase(`a newer line supersedes the older, and no other: order ${first + 1}`, async bench => {
      const seats = [await bench.seat(), await bench.seat()]
      const [older, newer] = first === 0 ? seats : seats.toReversed()
      if (older === undefined || newer === undefined) return
      const [contact, other] = [someContact(), someContact()]
      older.membership.held(other)
      older.membership.held(contact)
      await bench.callUntil(newer, contact, 'ringing')
      newer.membership.held(contact)
      await older.probe.until(`superseded ${contact}`)
      older.membership.dropped(contact)
      await bench.callUntil(older, contact, 'ringing')
      expectEqual('the newer line stays', newer.probe.seen.includes(`superseded ${contact}`), false)
      expectEqual('other lines stay', older.probe.seen.includes(`superseded ${other}`), false)
    }),
  ),
  directoryCase('what is revoked is told to all, and to those that come later', async bench => {
    const [one, other] = [await bench.seat(), await bench.seat()]
    const contacts = [someContact(), someContact()]
    one.membership.revoked(contacts)
    for (const contact of contacts) await other.probe.until(`revoked ${contact}`)
    if (!bench.keepsRevocations) return
    const late = await bench.seat()
    for (const contact of contacts) await late.probe.until(`revoked ${contact}`)
  }),
  directoryCase('an instance that comes or goes is noticed', async bench => {
    const one = await bench.seat()
    one.probe.clear()
    const other = await bench.seat()
    await one.probe.until('unsettled')
    one.probe.clear()
    other.membership.moving()
    await one.probe.until('unsettled')
    one.probe.clear()
    await other.membership.leave()
    await one.probe.until('unsettled')
  }),
  directoryCase(
    'the engine goes and comes back: lines and revocations are there again',
    async (bench, harness) => {
      const [one, other] = [await bench.seat(), await bench.seat()]
      const [contact, revoked, whileDown] = [someContact(), someContact(), someContact()]
      const held = someContact()
      one.membership.held(contact)
      await bench.callUntil(other, contact, 'ringing')
      one.membership.revoked([revoked])
      await other.probe.until(`revoked ${revoked}`)
      for (const { probe } of [one, other]) probe.clear()
      await harness.stop()
      for (const { probe } of [one, other]) await probe.until('down')
      expectEqual('while it is down', await other.membership.call(contact, someCall()), 'down')
      one.membership.held(held)
      one.membership.revoked([whileDown])
      await harness.start()
      for (const { probe } of [one, other]) await probe.until('up')
      for (const each of [contact, held]) await bench.callUntil(other, each, 'ringing')
      await other.probe.until(`revoked ${whileDown}`)
      if (!bench.keepsRevocations) return
      const late = await bench.seat()
      for (const each of [revoked, whileDown]) await late.probe.until(`revoked ${each}`)
    },
  ),
  directoryCase(
    'a phone that moved while the engine was away has one line after it',
    async (bench, harness) => {
      const [older, newer] = [await bench.seat(), await bench.seat()]
      const contact = someContact()
      older.membership.held(contact)
      await bench.callUntil(newer, contact, 'ringing')
      await harness.stop()
      for (const { probe } of [older, newer]) await probe.until('down')
      newer.membership.held(contact)
      await harness.start()
      await older.probe.until(`superseded ${contact}`)
      expectEqual('the newer line stays', newer.probe.seen.includes(`superseded ${contact}`), false)
    },
  ),
  directoryCase(`${MANY_LINES} lines are all found`, async bench => {
    const [asker, holder] = [await bench.seat(), await bench.seat()]
    const contacts = Array.from({ length: MANY_LINES }, someContact)
    for (const contact of contacts) holder.membership.held(contact)
    for (const contact of contacts.slice(-1)) await bench.callUntil(asker, contact, 'ringing')
    const answers: DirectoryAnswer[] = []
    for (let start = 0; start < contacts.length; start += CALLS_AT_A_TIME)
      answers.push(
        ...(await Promise.all(
          contacts
            .slice(start, start + CALLS_AT_A_TIME)
            .map(contact => asker.membership.call(contact, someCall())),
        )),
      )
    expectEqual('answers', [...new Set(answers)], ['ringing'])
  }),
  directoryCase('nothing is heard after leaving, and leaving twice is safe', async bench => {
    const [one, other] = [await bench.seat(), await bench.seat()]
    const contact = someContact()
    one.membership.held(contact)
    await bench.callUntil(other, contact, 'ringing')
    await one.membership.leave()
    await one.membership.leave()
    one.probe.clear()
    await bench.callUntil(other, contact, 'unknown')
    other.membership.revoked([contact])
    await other.probe.until(`revoked ${contact}`)
    expectEqual('heard', one.probe.seen, [])
  }),
]

function directoryCase(
  name: string,
  script: (bench: DirectoryBench, harness: DirectoryHarness) => Promise<void>,
): DirectoryCaseOutline {
  return {
    name,
    run: async harness => {
      const bench = new DirectoryBench(harness)
      try {
        await script(bench, harness)
      } finally {
        await bench.clear()
      }
    },
  }
}

function inHex({ routingId, tunnelId, clientPayload }: LinkedCall): string {
  return [routingId, tunnelId, clientPayload].map(encodeHex).join(' ')
}
