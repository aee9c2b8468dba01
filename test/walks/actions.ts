import { ProximityError, TunnelError, UsageError } from '../../src/errors.js'
import { encodeMessage } from '../../src/message/message.js'
import type { Choices } from '../support/choices.js'
import { LIARS, PHONE, PSM } from './world.js'
import type { World } from './world.js'

/** What a walk may do next. */
export interface Action {
  readonly name: string
  /** `peace`: what belongs to a ceremony. `people`: those who ask, answer and give up. `fault`: bad luck. `attack`: worse. */
  readonly kind: 'peace' | 'people' | 'fault' | 'attack'
  readonly weight: number
  possible(world: World): boolean
  act(world: World, choices: Choices): void
}

type Name = 'client' | 'phone'
const NAMES = ['client', 'phone'] as const
const CLOSE_CODES = [1000, 1001, 1003, 1006, 1008, 1009] as const
const LONGEST_WAIT_MS = 400_000
const MS = [1, 10, 999, 5000, 31_000, LONGEST_WAIT_MS] as const
const ADVERT_BYTES = 20

const pick = <Item>(choices: Choices, items: readonly [Item, ...Item[]]): Item =>
  items[choices.below(items.length)] ?? items[0]

const awake = (world: World, name: Name): boolean => world.party(name).end === undefined
const listening = (world: World): boolean => world.client.end === undefined && world.client.state !== 'idle'
const hasMail = (world: World, name: Name): boolean => world.party(name).hasMail
const isAtUser = (world: World): boolean =>
  ['awaiting-answer', 'awaiting-json-answer'].includes(world.phone.state)
const aborted = (): UsageError => new UsageError('aborted', 'the caller gave up')
const refused = (): TunnelError => new TunnelError('tunnel-refused', 'refused', { status: 404 })

/** One byte of a copy is changed. */
function damaged(bytes: Uint8Array, choices: Choices): Uint8Array {
  const copy = Uint8Array.from(bytes)
  const at = choices.below(Math.max(copy.length, 1))
  if (copy.length > 0) copy[at] = (copy[at] ?? 0) ^ (1 << choices.below(8))
  return copy
}

const peaceful: readonly Action[] = NAMES.flatMap(name => [
  {
    name: `${name} starts`,
    kind: 'peace',
    weight: 12,
    possible: world => awake(world, name) && world.party(name).state === 'idle',
    act: world => world.tell(name, { type: 'start' }),
  },
  {
    name: `the service accepts the ${name}`,
    kind: 'peace',
    weight: 8,
    possible: world => awake(world, name) && world.party(name).tunnel === 'dialling',
    act: world => world.accept(name),
  },
  {
    name: `the ${name} gets what is under way`,
    kind: 'peace',
    weight: 8,
    possible: world => awake(world, name) && hasMail(world, name),
    act: world => world.deliver(name),
  },
])

const people: readonly Action[] = [
  {
    name: 'the client hears the advert',
    kind: 'peace',
    weight: 6,
    possible: world => listening(world) && world.client.radio && world.advert !== undefined,
    act: world =>
      world.tellClient({ type: 'advert', serviceData: world.advert ?? new Uint8Array(), from: PHONE }),
  },
  {
    name: 'the client asks',
    kind: 'peace',
    weight: 5,
    possible: world => world.connected && awake(world, 'client'),
    act: (world, choices) => world.request(Uint8Array.of(1, ...choices.bytes(3))),
  },
  {
    name: 'the phone answers',
    kind: 'peace',
    weight: 5,
    possible: isAtUser,
    act: (world, choices) => world.answer(Uint8Array.of(0, ...choices.bytes(3))),
  },
  {
    name: 'the phone’s user refuses',
    kind: 'people',
    weight: 2,
    possible: isAtUser,
    act: world => world.answer(undefined),
  },
  {
    name: 'the client has what it wanted',
    kind: 'people',
    weight: 3,
    possible: world => ['awaiting-more', 'awaiting-end'].includes(world.client.state),
    act: world => world.tellClient({ type: 'close' }),
  },
  ...NAMES.flatMap((name): Action[] => [
    {
      name: `the ${name} gives up`,
      kind: 'people',
      weight: 1,
      possible: world => awake(world, name),
      act: world => world.tell(name, { type: 'close', error: aborted() }),
    },
    {
      name: `the ${name} is closed for no reason`,
      kind: 'people',
      weight: 1,
      possible: world => awake(world, name),
      act: world => world.tell(name, { type: 'close' }),
    },
  ]),
  {
    name: 'somebody misuses the client',
    kind: 'people',
    weight: 1,
    possible: world => awake(world, 'client') && !world.connected,
    act: world => world.client.misuse({ type: 'request', message: Uint8Array.of(1) }, world.now),
  },
  {
    name: 'somebody misuses the phone',
    kind: 'people',
    weight: 1,
    possible: world => awake(world, 'phone') && !isAtUser(world),
    act: world => world.phone.misuse({ type: 'answer', message: Uint8Array.of(0) }, world.now),
  },
]

const faults: readonly Action[] = [
  {
    name: 'time passes',
    kind: 'fault',
    weight: 2,
    possible: () => true,
    act: (world, choices) => {
      world.now += pick(choices, MS)
      for (const name of NAMES)
        if (world.party(name).deadline <= world.now) world.tell(name, { type: 'tick' })
    },
  },
  {
    name: 'a clock is early',
    kind: 'fault',
    weight: 1,
    possible: () => true,
    act: (world, choices) => world.tell(pick(choices, NAMES), { type: 'tick' }),
  },
  {
    name: 'the connection breaks',
    kind: 'fault',
    weight: 1,
    possible: world => NAMES.some(name => world.party(name).tunnel === 'open'),
    act: world => world.cut(),
  },
  {
    name: 'the phone is advertising elsewhere, too',
    kind: 'fault',
    weight: 1,
    possible: world => listening(world),
    act: world => world.tellClient({ type: 'advert', serviceData: world.rival }),
  },
  ...NAMES.flatMap((name): Action[] => [
    {
      name: `the service refuses the ${name}`,
      kind: 'fault',
      weight: 1,
      possible: world => awake(world, name) && world.party(name).tunnel === 'dialling',
      act: world => {
        world.party(name).tunnel = 'over'
        world.tell(name, { type: 'tunnel-failed', error: refused() })
      },
    },
    {
      name: `the service hangs up on the ${name}`,
      kind: 'fault',
      weight: 1,
      possible: world => awake(world, name) && world.party(name).tunnel === 'open',
      act: (world, choices) => {
        world.party(name).tunnel = 'over'
        world.tell(name, { type: 'tunnel-closed', code: pick(choices, CLOSE_CODES) })
      },
    },
    {
      name: `the ${name} loses what was under way`,
      kind: 'fault',
      weight: 1,
      possible: world => hasMail(world, name),
      act: world => void world.party(name).inbox.shift(),
    },
  ]),
]

const attacks: readonly Action[] = [
  {
    name: 'a stranger advertises',
    kind: 'attack',
    weight: 2,
    possible: world => listening(world),
    act: (world, choices) =>
      world.tellClient({ type: 'advert', serviceData: choices.bytes(choices.below(2 * ADVERT_BYTES)) }),
  },
  {
    name: 'the advert is damaged',
    kind: 'attack',
    weight: 2,
    possible: world => listening(world) && world.advert !== undefined,
    act: (world, choices) =>
      world.tellClient({ type: 'advert', serviceData: damaged(world.advert ?? new Uint8Array(), choices) }),
  },
  ...NAMES.flatMap((name): Action[] => [
    {
      name: `the ${name} gets a frame twice`,
      kind: 'attack',
      weight: 1,
      possible: world => hasMail(world, name),
      act: world => world.party(name).inbox.unshift(...world.party(name).inbox.slice(0, 1)),
    },
    {
      name: `the ${name} gets frames out of order`,
      kind: 'attack',
      weight: 1,
      possible: world => world.party(name).inbox.length > 1,
      act: world => void world.party(name).inbox.reverse(),
    },
    {
      name: `a bit flips on the way to the ${name}`,
      kind: 'attack',
      weight: 1,
      possible: world => hasMail(world, name),
      act: (world, choices) => {
        const [parcel] = world.party(name).inbox
        if (parcel === undefined || !('bytes' in parcel)) return
        world.party(name).inbox[0] = { ...parcel, bytes: damaged(parcel.bytes, choices) }
      },
    },
    {
      name: `the service says something to the ${name}`,
      kind: 'attack',
      weight: 1,
      possible: world => awake(world, name) && world.party(name).tunnel === 'open',
      act: (world, choices) =>
        world.tell(name, { type: 'tunnel-message', bytes: choices.bytes(choices.below(100)) }),
    },
    {
      name: `the ${name} sends an update`,
      kind: 'peace',
      weight: 1,
      possible: world => awake(world, name) && world.party(name).traffic !== undefined,
      act: (world, choices) =>
        says(world, name, encodeMessage({ type: 'update' }, { padUpdate: choices.below(2) > 0 })),
    },
    {
      name: `the ${name} says what has no meaning`,
      kind: 'attack',
      weight: 1,
      possible: world => awake(world, name) && world.party(name).traffic !== undefined,
      act: (world, choices) => says(world, name, Uint8Array.of(4 + choices.below(8), ...choices.bytes(4))),
    },
    {
      name: `the ${name} speaks of the other kind of credential`,
      kind: 'attack',
      weight: 1,
      possible: world => awake(world, name) && world.party(name).traffic !== undefined,
      act: (world, choices) => says(world, name, otherKind(world, choices)),
    },
  ]),
]

const lost = (): ProximityError => new ProximityError('channel-lost', 'it broke')
const unreachable = (): ProximityError => new ProximityError('channel-unreachable', 'nobody answers')
const isDialling = (world: World): boolean => [...world.client.channels.values()].includes('dialling')
const isOpen = (world: World, name: Name): boolean =>
  [...world.party(name).channels.values()].includes('open')
const canListen = (world: World): boolean =>
  awake(world, 'phone') && world.phone.ears && world.phone.state.includes('listener')

/** What happens to BLE data channels. */
const channels: readonly Action[] = [
  {
    name: 'the phone’s listener begins',
    kind: 'peace',
    weight: 8,
    possible: world => canListen(world) && world.phone.state !== 'awaiting-tunnel-beside-listener',
    act: world => world.tellPhone({ type: 'listening', psm: PSM }),
  },
  {
    name: 'the phone’s listener fails',
    kind: 'fault',
    weight: 2,
    possible: world => awake(world, 'phone') && world.phone.ears,
    act: world => world.tellPhone({ type: 'listening-failed', error: unreachable() }),
  },
  {
    name: 'the client’s data channel opens',
    kind: 'peace',
    weight: 8,
    possible: world => isDialling(world) && (world.dialled !== PHONE || world.phone.ears),
    act: world => world.openChannel(),
  },
  {
    name: 'the client’s data channel cannot be dialled',
    kind: 'fault',
    weight: 2,
    possible: isDialling,
    act: world => breakChannel(world, 'client', unreachable()),
  },
  {
    name: 'a liar sends the phone’s advert again',
    kind: 'fault',
    weight: 12,
    possible: world => listening(world) && world.advert !== undefined,
    act: (world, choices) =>
      world.tellClient({
        type: 'advert',
        serviceData: world.advert ?? new Uint8Array(),
        from: pick(choices, LIARS),
      }),
  },
  {
    name: 'a liar answers the client',
    kind: 'fault',
    weight: 16,
    possible: world => isOpen(world, 'client') && world.dialled !== PHONE,
    act: (world, choices) => say(world, 'client', choices.bytes(81)),
  },
  {
    name: 'a stranger dials the phone',
    kind: 'fault',
    weight: 1,
    possible: world => awake(world, 'phone') && world.phone.ears,
    act: world => void world.reach(),
  },
  ...NAMES.flatMap((name): Action[] => [
    {
      name: `a data channel of the ${name} breaks`,
      kind: 'fault',
      weight: 1,
      possible: world => isOpen(world, name),
      act: world => breakChannel(world, name, lost()),
    },
    {
      name: `somebody says something to the ${name} over a data channel`,
      kind: 'attack',
      weight: 1,
      possible: world => isOpen(world, name),
      act: (world, choices) => say(world, name, choices.bytes(choices.below(100))),
    },
  ]),
]

function say(world: World, name: Name, bytes: Uint8Array): void {
  const channel = lastChannel(world, name)
  if (channel !== undefined) world.tell(name, { type: 'channel-message', channel, bytes })
}

function breakChannel(world: World, name: Name, error: ProximityError): void {
  const channel = lastChannel(world, name)
  if (channel !== undefined) world.break(name, channel, error)
}

function lastChannel(world: World, name: Name): number | undefined {
  return [...world.party(name).channels.keys()].at(-1)
}

/** JSON where CTAP2 is carried, and CTAP2 where JSON is. */
function otherKind({ ceremony }: World, choices: Choices): Uint8Array {
  return ceremony.carries === 'json'
    ? Uint8Array.of(1, ...choices.bytes(3))
    : encodeMessage({ type: 'json', text: '{}' })
}

/** Seals a message as a party’s machine would, in its turn. */
function says(world: World, name: Name, message: Uint8Array): void {
  const bytes = world.party(name).traffic?.seal(message)
  if (bytes !== undefined) world.carry(name, bytes, world.pair?.[name])
}

/** Everything that can happen in a walk. */
export const ACTIONS: readonly Action[] = [...peaceful, ...people, ...faults, ...attacks, ...channels]
