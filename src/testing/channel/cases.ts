import { turn } from '../../async/turn.js'
import { concatBytes } from '../../bytes/bytes.js'
import { encodeHex } from '../../bytes/hex.js'
import { expectEqual } from '../radio/assertion.js'
import { placeOf } from './bench.js'
import type { ChannelBench, ChannelEnd } from './bench.js'
import type { DataChannelHarness, DataChannelNeed } from './harness.js'

/** A case of the suite before it has met a harness. */
export interface ChannelCaseOutline {
  readonly name: string
  readonly needs: readonly DataChannelNeed[]
  readonly script: (bench: ChannelBench, harness: DataChannelHarness) => Promise<void>
}

const FEW_BYTES = 81
const MANY_MESSAGES = 300
/** What one close may not cut off: more than any packet of a channel has. */
const LAST_WORDS_BYTES = 20_000
const TURNS = 12

function channelCase(
  name: string,
  script: ChannelCaseOutline['script'],
  needs: readonly DataChannelNeed[] = [],
): ChannelCaseOutline {
  return { name, needs, script }
}

function streamCase(length: number): ChannelCaseOutline {
  return channelCase(`carries ${length} bytes each way at once, in order`, async bench => {
    const { near, far } = await bench.connect(await bench.listen())
    const [there, back] = [bench.payload(length), bench.payload(length)]
    near.channel.send(there)
    far.channel.send(back)
    await expectReceived(far, there)
    await expectReceived(near, back)
  })
}

export const CHANNEL_CASES: readonly ChannelCaseOutline[] = [
  channelCase('calls nobody before dial() and listen() have returned', async bench => {
    const listener = await bench.listen()
    const { probe } = bench.dial(placeOf(listener))
    expectEqual('words before dial() returned', probe.words, [])
    await probe.until('open')
  }),

  streamCase(1),
  streamCase(5_000),
  streamCase(65_000),

  channelCase('carries many small messages, in order', async bench => {
    const { near, far } = await bench.connect(await bench.listen())
    const messages = Array.from({ length: MANY_MESSAGES }, (_, index) => bench.payload(1 + (index % 7)))
    for (const message of messages) near.channel.send(message)
    await expectReceived(far, concatBytes(...messages))
  }),

  channelCase('keeps its own copy of the bytes', async bench => {
    const { near, far } = await bench.connect(await bench.listen())
    const sent = bench.payload(FEW_BYTES)
    const kept = new Uint8Array(sent)
    near.channel.send(sent)
    sent.fill(0)
    await expectReceived(far, kept)
  }),

  channelCase('hears that the phone has closed, and nothing after that', async bench => {
    const { near, far } = await bench.connect(await bench.listen())
    far.channel.send(bench.payload(FEW_BYTES))
    await bench.settled(far.channel.close(), 'close()')
    await near.probe.until('closed')
    near.channel.send(bench.payload(FEW_BYTES))
    await bench.settled(near.channel.close(), 'close()')
    await turns()
    expectEqual('words of the client', near.probe.words, ['open', 'closed'])
    expectEqual('bytes before the end', near.probe.received.length, FEW_BYTES)
    expectEqual('words of the phone, which closed', far.probe.words, [])
  }),

  channelCase('tells the phone that the client has closed', async bench => {
    const { near, far } = await bench.connect(await bench.listen())
    await bench.settled(near.channel.close(), 'close()')
    await far.probe.until('closed')
    expectEqual('words of the client, which closed', near.probe.words, ['open'])
  }),

  channelCase('delivers what the client sent before it closed', async bench => {
    const { near, far } = await bench.connect(await bench.listen())
    await expectLastWords(bench, near, far)
  }),

  channelCase('delivers what the phone sent before it closed', async bench => {
    const { near, far } = await bench.connect(await bench.listen())
    await expectLastWords(bench, far, near)
  }),

  channelCase('lets both close at once', async bench => {
    const { near, far } = await bench.connect(await bench.listen())
    const closings = [near.channel.close(), far.channel.close()]
    await bench.settled(Promise.all(closings), 'close()')
    await turns()
    expectEqual('words of both', [near.probe.words, far.probe.words], [['open'], []])
  }),

  channelCase('may be closed twice, and sends nothing once closed', async bench => {
    const { near, far } = await bench.connect(await bench.listen())
    far.channel.send(bench.payload(FEW_BYTES))
    const closings = [far.channel.close(), far.channel.close()]
    far.channel.send(bench.payload(FEW_BYTES))
    await bench.settled(Promise.all(closings), 'close()')
    await bench.settled(far.channel.close(), 'close()')
    await near.probe.until('closed')
    expectEqual('bytes before the close', near.probe.received.length, FEW_BYTES)
  }),

  channelCase('can be given up while it is dialled, and dialled again at once', async bench => {
    const listener = await bench.listen()
    const given = bench.dial(placeOf(listener))
    await bench.settled(given.channel.close(), 'close()')
    const again = bench.dial(placeOf(listener))
    await again.probe.until('open')
    const sent = bench.payload(FEW_BYTES)
    again.channel.send(sent)
    await listenerHears(bench, listener.ends, sent)
    expectEqual('words of the channel that was given up', given.probe.words, [])
  }),

  channelCase('opens two channels to one listener', async bench => {
    const listener = await bench.listen()
    const [one, other] = [await bench.connect(listener), await bench.connect(listener)]
    const [ofOne, ofOther] = [bench.payload(FEW_BYTES), bench.payload(FEW_BYTES)]
    one.near.channel.send(ofOne)
    other.near.channel.send(ofOther)
    await expectReceived(one.far, ofOne)
    await expectReceived(other.far, ofOther)
    await bench.settled(one.far.channel.close(), 'close()')
    other.far.channel.send(ofOther)
    await expectReceived(other.near, ofOther)
  }),

  channelCase('is not opened, or ends at once, where the phone refuses it', async bench => {
    const { probe } = bench.dial(placeOf(await bench.listen('refuses')))
    await probe.untilOver()
    expectEqual('bytes of a refused channel', probe.received.length, 0)
  }),

  channelCase(
    'ends where the phone closes it while it takes it, and the phone hears nothing',
    async bench => {
      const listener = await bench.listen('closes')
      const { probe } = bench.dial(placeOf(listener))
      await probe.untilOver()
      await turns()
      expectEqual(
        'words of the phone, which closed',
        listener.ends.map(end => end.probe.words),
        [[]],
      )
    },
  ),

  channelCase('is not opened once the listener has stopped, which leaves open ones alone', async bench => {
    const listener = await bench.listen()
    const { near, far } = await bench.connect(listener)
    await bench.settled(Promise.all([listener.use?.stop(), listener.use?.stop()]), 'stop()')
    const { probe } = bench.dial(placeOf(listener))
    await probe.until('failed channel-unreachable')
    const sent = bench.payload(FEW_BYTES)
    near.channel.send(sent)
    await expectReceived(far, sent)
  }),

  channelCase('can be listened for again', async bench => {
    const first = await bench.listen()
    await bench.settled(first.use?.stop() ?? Promise.resolve(), 'stop()')
    await bench.connect(await bench.listen())
  }),

  channelCase(
    'is unreachable at another PSM',
    async (bench, { refusedPsm = 0 }) => {
      const { address } = placeOf(await bench.listen())
      const { probe } = bench.dial({ address, psm: refusedPsm })
      await probe.until('failed channel-unreachable')
      await turns()
      expectEqual('words of a refused channel', probe.words, ['failed channel-unreachable'])
    },
    ['refusedPsm'],
  ),

  channelCase(
    'is unreachable where nobody answers',
    async (bench, { absentAddress }) => {
      if (absentAddress === undefined) return
      const { psm } = placeOf(await bench.listen())
      const { probe } = bench.dial({ address: absentAddress, psm })
      await probe.until('failed channel-unreachable')
      expectEqual('words of a channel to nobody', probe.words, ['failed channel-unreachable'])
    },
    ['absentAddress'],
  ),
]

async function expectLastWords(bench: ChannelBench, from: ChannelEnd, to: ChannelEnd): Promise<void> {
  const sent = bench.payload(LAST_WORDS_BYTES)
  from.channel.send(sent)
  const closing = from.channel.close()
  await expectReceived(to, sent)
  await bench.settled(Promise.all([closing, to.channel.close()]), 'close()')
}

async function expectReceived({ probe }: ChannelEnd, sent: Uint8Array): Promise<void> {
  await probe.untilReceived(sent.length)
  expectEqual('the bytes that came', digest(probe.received), digest(sent))
}

/** Of the channels that a listener took, a client may have given up the first ones. */
async function listenerHears(
  bench: ChannelBench,
  ends: readonly ChannelEnd[],
  sent: Uint8Array,
): Promise<void> {
  const heard = async (): Promise<void> => {
    while (!ends.some(({ probe }) => digest(probe.received) === digest(sent))) await turn()
  }
  await bench.settled(heard(), 'what the client sent')
}

/** Long messages would fill the screen: their length, and their start and end. */
function digest(bytes: Uint8Array): string {
  const checksum = bytes.reduce((sum, byte, index) => (sum * 31 + byte + index) % 0xffff_fffb, 0)
  return `${bytes.length} bytes, ${encodeHex(bytes.slice(0, 8))}…, checksum ${checksum}`
}

async function turns(): Promise<void> {
  for (let count = 0; count < TURNS; count++) await turn()
}
