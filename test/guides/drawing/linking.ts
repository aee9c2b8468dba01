import { recording, sizeOf } from './recordings.js'
import type { Said } from './recordings.js'
import { arrow, box, heading, text } from './svg.js'
import type { Element, Picture } from './svg.js'
import type { Kind } from './palette.js'

/** What each member of a link is for. */
const MEMBERS: readonly (readonly [member: string, words: string, kind: Kind])[] = [
  ['contactId', 'asks the tunnel service for the phone', 'service'],
  ['linkId', 'tells the phone which link it is', 'phone'],
  ['linkSecret', 'stands in for the QR secret', 'secret'],
  ['publicKey', 'long-term key of the phone: only it can answer', 'phone'],
  ['name', 'shown to people', 'plain'],
  ['tunnelServiceId', 'where the phone is called', 'service'],
]

/** What a laptop keeps of a phone that remembers it, from `fixtures/sessions/linked.jsonl`. */
export function linkingPicture(): Picture {
  const { steps } = recording('linked')
  const link = steps.flatMap(({ outputs }) => outputs).find(({ type }) => type === 'link')?.link
  const update = steps.flatMap(({ outputs }) => outputs).filter(({ type }) => type === 'send')[3]
  if (link === undefined) throw new Error('the recording has no link')
  return {
    name: 'linking',
    title: 'A link: what the laptop keeps of a phone',
    description: `The phone sends the link in a sealed update right after its introduction. ${MEMBERS.map(([member, words]) => `${member}: ${words}`).join('. ')}.`,
    width: 840,
    height: 330,
    elements: [
      heading('A link: what the laptop keeps of a phone'),
      ...sentElements(update),
      ...MEMBERS.flatMap((member, index) => memberElements(member, link[member[0]], 120 + index * 34)),
    ],
  }
}

function sentElements(update: Said | undefined): readonly Element[] {
  return [
    ...box(20, 50, 110, 40, 'laptop', 'laptop'),
    ...arrow([710, 70], [130, 70], 'phone'),
    text(420, 64, `update, signed for this session, sealed: ${sizeOf(update?.bytes)} bytes`, {
      align: 'middle',
      look: 'label',
    }),
    ...box(710, 50, 110, 40, 'phone', 'phone'),
  ]
}

type Member = (typeof MEMBERS)[number]

function memberElements([member, words, kind]: Member, value: unknown, y: number): readonly Element[] {
  return [
    ...box(20, y, 170, 28, kind, member),
    text(206, y + 19, shownValue(value)),
    text(330, y + 19, words, { look: 'dim' }),
  ]
}

function shownValue(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'hex' in value)
    return `${String(value.hex).length / 2} bytes`
  return JSON.stringify(value)
}
