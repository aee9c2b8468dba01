import assert from 'node:assert/strict'
import { seededChoices } from '../support/choices.js'
import type { Choices } from '../support/choices.js'
import { ACTIONS } from './actions.js'
import type { Action } from './actions.js'
import type { Ceremony } from './parties.js'
import { World } from './world.js'
import type { AroundStep } from './world.js'

/** How much of each kind of action there is in a walk. */
type Mood = Readonly<Record<Action['kind'], number>>

const MOODS: readonly [Mood, ...Mood[]] = [
  { peace: 10, people: 1, fault: 0.2, attack: 0 },
  { peace: 20, people: 1, fault: 1, attack: 1 },
  { peace: 6, people: 1, fault: 1, attack: 0 },
  { peace: 3, people: 1, fault: 1, attack: 1 },
]

const UPDATES = ['none', 'empty', 'offer'] as const
/** Those with data channels have the most to go through. */
const CHANNELS = ['tunnel', 'auto', 'auto', 'ble'] as const

const MOST_STEPS = 60
/** A walk that is left alone ends after this many of its own steps, or never. */
const STUCK_AFTER = 60
const SHORT_CEREMONY_MS = 20_000
const WEIGHT_PARTS = 2 ** 20

/** What a walk came to. */
export interface Walked {
  /** The names of what happened, in order. */
  readonly happened: readonly string[]
  readonly ends: Readonly<Record<'client' | 'phone', string>>
}

/** Walks from the start to the end of both machines, and checks all that must be true of it. The seed decides everything. */
export function walk(seed: number, around: AroundStep): Walked {
  const choices = seededChoices(seed)
  const mood = MOODS[choices.below(MOODS.length)] ?? MOODS[0]
  const world = new World(withChannels(ceremonyOf(choices), choices), around)
  const happened: string[] = []
  for (let left = MOST_STEPS; left > 0 && !world.isOver; left--) {
    const action = next(world, choices, mood)
    happened.push(action.name)
    action.act(world, choices)
  }
  settle(world)
  return { happened, ends: { client: endOf(world.client.end), phone: endOf(world.phone.end) } }
}

/** What happens when nobody does anything any more: the tunnel delivers, alarms ring, and callers go away. */
function settle(world: World): void {
  for (let left = STUCK_AFTER; !world.isOver; left--) {
    assert.ok(left > 0, `stuck: the client is ${world.client.state}, the phone ${world.phone.state}`)
    settleStep(world)
  }
  world.client.checkRemains()
  world.phone.checkRemains()
}

function settleStep(world: World): void {
  const names = ['client', 'phone'] as const
  const reader = names.find(name => world.party(name).hasMail)
  if (reader !== undefined) {
    world.deliver(reader)
    return
  }
  const deadline = Math.min(world.client.deadline, world.phone.deadline)
  if (deadline < Infinity) {
    world.now = Math.max(world.now, deadline)
    for (const name of names) if (world.party(name).deadline <= world.now) world.tell(name, { type: 'tick' })
    return
  }
  for (const name of names) {
    const party = world.party(name)
    if (party.end !== undefined) continue
    assert.ok(party.waitsForCaller, `${name} waits for nobody while ${party.state}`)
    world.tell(name, { type: 'close' })
  }
}

function next(world: World, choices: Choices, mood: Mood): Action {
  const possible = ACTIONS.filter(action => mood[action.kind] > 0 && action.possible(world))
  const total = possible.reduce((sum, { weight, kind }) => sum + weight * mood[kind], 0)
  let rest = (choices.below(WEIGHT_PARTS) / WEIGHT_PARTS) * total
  const chosen = possible.find(({ weight, kind }) => (rest -= weight * mood[kind]) < 0)
  assert.ok(chosen, 'there is always something to do')
  return chosen
}

export function ceremonyOf(choices: Choices): Ceremony {
  const kind = choices.below(3) === 0 ? 'state-assisted' : 'qr-initiated'
  return {
    kind,
    commands: choices.below(2) === 0 ? 'one' : 'many',
    ceremonyMs: choices.below(4) === 0 ? SHORT_CEREMONY_MS : Infinity,
    asksForLink: choices.below(2) === 0,
    update: UPDATES[choices.below(UPDATES.length)] ?? 'none',
    carries: kind === 'qr-initiated' && choices.below(3) === 0 ? 'json' : 'ctap',
    offered: 'tunnel',
    taken: 'tunnel',
    honest: true,
  }
}

/** The same ceremony where BLE data channels may carry it. */
function withChannels(ceremony: Ceremony, choices: Choices): Ceremony {
  if (ceremony.kind === 'state-assisted') return ceremony
  const offered = oneOf(CHANNELS, choices)
  return { ...ceremony, offered, taken: offered === 'tunnel' ? 'tunnel' : oneOf(CHANNELS, choices) }
}

function oneOf<Item>(items: readonly [Item, ...Item[]], choices: Choices): Item {
  return items[choices.below(items.length)] ?? items[0]
}

function endOf(end: { readonly error: { readonly code: string } | undefined } | undefined): string {
  return end?.error?.code ?? 'peace'
}
