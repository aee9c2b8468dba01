import { cases } from '../../support/cases.js'
import { sequencePicture } from './sequence.js'
import type { Passage } from './sequence.js'
import type { Picture } from './svg.js'
import { bytesIn, workedExample } from './worked-example.js'

interface Stream {
  readonly messages: readonly string[]
}

const SIDES = ['client’s side of the worked example', 'phone’s side of the worked example']

/** The same transaction over Bluetooth alone: the streams of the worked example. */
export function dataChannelPicture(): Picture {
  const streams = cases<Stream>('data-channel', 'streams')
  const [laptop, phone] = SIDES.map(side => streams.find(({ name }) => name === side)?.messages ?? [])
  const { advert } = workedExample()
  const withChannels = cases<{ digitCount: number }>('worked-example', 'qr').find(
    ({ name }) => name === 'key 6 [0, 1]',
  )
  const words = {
    name: 'data-channel',
    title: 'The BLE data channel: no tunnel service',
    description:
      'The QR code offers the channel. The phone opens an L2CAP server and puts its number into the suffix of the advert. The laptop connects to it. The same messages go over it, each with its length in four bytes before it.',
  }
  return sequencePicture(
    words,
    ['laptop', 'phone'],
    [
      {
        from: 'laptop',
        to: 'phone',
        words: `QR code, ${withChannels?.digitCount ?? 0} digits: key 6 is [0, 1]`,
        kind: 'secret',
        dashed: true,
      },
      {
        from: 'phone',
        to: 'laptop',
        words: `advert, 20 bytes, and its suffix: PSM ${advert.psm}`,
        kind: 'air',
        dashed: true,
      },
      { from: 'laptop', to: 'phone', words: `L2CAP connection to PSM ${advert.psm}`, kind: 'air' },
      ...framePassages(laptop ?? [], phone ?? []),
    ],
  )
}

/** The sides take turns, but for the phone’s introduction. */
function framePassages(laptop: readonly string[], phone: readonly string[]): readonly Passage[] {
  const [message1, request, goodbye] = laptop
  const [message2, introduction, answer] = phone
  const frames = [
    ['laptop', 'handshake message 1', message1],
    ['phone', 'handshake message 2', message2],
    ['phone', 'introduction', introduction],
    ['laptop', 'request', request],
    ['phone', 'answer', answer],
    ['laptop', 'goodbye', goodbye],
  ] as const
  return frames.map(([from, name, message = '']) => ({
    from,
    to: from === 'laptop' ? 'phone' : 'laptop',
    words: `${name}: 4 + ${bytesIn(message)} bytes`,
    kind: name.startsWith('handshake') ? 'plain' : from,
  }))
}
