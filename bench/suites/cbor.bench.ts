import type { CborMap } from 'fido-hybrid/wire'
import type { BenchContext, Claim, Suite } from '../harness/group.js'
import { bareCborX, deterministicCbor2, OURS, strictCborg } from './cbor/codecs.js'
import type { Codec } from './cbor/codecs.js'
import { MESSAGES } from './cbor/messages.js'

const BARE = bareCborX()

/** Real messages, written and read by us and by others. */
export const measure: Suite = async context => {
  const peers = [await strictCborg(context), await deterministicCbor2(context)]
  const codecs = [OURS, BARE, ...peers.filter(peer => peer !== undefined)]
  for (const [message, value] of Object.entries(MESSAGES)) {
    agree(codecs, message, value)
    await measureWriting(context, codecs, message, value)
    await measureReading(context, codecs, message, value)
  }
}

/** What is fast and wrong is not measured. */
function agree(codecs: readonly Codec[], message: string, value: CborMap): void {
  const expected = Buffer.from(OURS.encode(value))
  for (const { name, encode } of codecs)
    if (!expected.equals(encode(value))) throw new Error(`${name} writes ${message} otherwise than we do`)
}

/** Those who check as we do have to be slower; cbor-x, which checks nothing, may be faster. */
const claims = (others: readonly Codec[], atLeast: number): Claim[] =>
  others.map(({ name }) => {
    if (name === BARE.name) return { of: OURS.name, against: name, atLeast }
    return { of: OURS.name, against: name, ...(name.startsWith('cborg') && { atLeast: 1 }) }
  })

async function measureWriting(
  context: BenchContext,
  codecs: readonly Codec[],
  message: string,
  value: CborMap,
): Promise<void> {
  await context.group({
    name: `${message}, written`,
    title: `CBOR, written: ${message} (${OURS.encode(value).length} B)`,
    variants: codecs.map(({ name, encode }) => ({ name, run: () => encode(value) })),
    claims: claims(codecs.slice(1), 0.6),
  })
}

async function measureReading(
  context: BenchContext,
  codecs: readonly Codec[],
  message: string,
  value: CborMap,
): Promise<void> {
  const bytes = OURS.encode(value)
  await context.group({
    name: `${message}, read`,
    title: `CBOR, read: ${message} (${bytes.length} B)`,
    variants: codecs.map(({ name, decode }) => ({ name, run: () => decode(bytes) })),
    claims: claims(codecs.slice(1), 0.5),
  })
}
