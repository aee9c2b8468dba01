import { expect, test } from 'vitest'
import { encodeLinkingInfo } from '../../src/linking/linking-info.js'
import { encodeMessage } from '../../src/message/message.js'
import {
  createLab,
  createRelyingParty,
  MemoryLinkStore,
  MemoryPhoneIdentityStore,
  misbehavingPhone,
  VirtualClock,
} from '../../src/testing.js'
import type { MisbehavingPhone, PhoneMisbehaviour } from '../../src/testing.js'
import type { Link } from '../../src/ports/link-store.js'

const ORIGIN = 'https://example.com'
/** Longer than every deadline. */
const LONG_MS = 700_000

/** What a laptop that remembers one phone remembers after a registration with another, and what it was told. */
async function after(
  makePhone: (lab: ReturnType<typeof createLab>, known: Link) => MisbehavingPhone,
): Promise<{ before: readonly Link[]; links: readonly Link[]; told: readonly string[] }> {
  const clock = new VirtualClock()
  const lab = createLab({ clock })
  const rp = await createRelyingParty({ origin: ORIGIN })
  const client = lab.client({ links: new MemoryLinkStore() })
  const good = lab.phone({ linking: { store: new MemoryPhoneIdentityStore(), name: 'Ada’s phone' } })
  await client.create(await rp.creationOptions(), {
    origin: ORIGIN,
    onQr: qr => good.scan(qr.url, { remember: true }),
  })
  const before = await client.links()
  const [known] = before
  if (known === undefined) throw new Error('no link was made')
  const phone = makePhone(lab, known)
  const told: string[] = []
  const registering = client.create(await rp.creationOptions(), {
    origin: ORIGIN,
    onQr: qr => phone.scan(qr.url),
    onProgress: ({ event }) => told.push(event),
  })
  await Promise.all([registering, clock.advance(LONG_MS)])
  expect(clock.pending).toBe(0)
  return { before, links: await client.links(), told }
}

test.each<PhoneMisbehaviour>([
  'update-malformed',
  'update-bomb-depth',
  'link-incomplete',
  'link-off-curve',
  'link-unsigned',
  'link-forged',
  'link-contact-oversized',
])(
  'a phone that misbehaves while it offers a link (%s) is used, not remembered, and displaces nobody',
  async how => {
    const { before, links, told } = await after(lab => misbehavingPhone(lab, how))
    expect(links).toEqual(before)
    expect(told).toContain('not-linked')
  },
)

test('a phone that offers a link in another’s name does not displace it', async () => {
  const { before, links, told } = await after((lab, known) => {
    const linking = encodeLinkingInfo({
      ...known,
      linkSecret: known.linkSecret,
      signature: new Uint8Array(32),
    })
    return misbehavingPhone(lab, {
      acts: {
        introduced: hand => {
          hand.sendSealed(encodeMessage({ type: 'update', linking }))
        },
      },
    })
  })
  expect(links).toEqual(before)
  expect(told).toContain('not-linked')
})
