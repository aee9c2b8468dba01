import { StoreError, UsageError } from '../../errors.js'
import { badUsage } from '../failure.js'
import { printable } from '../text/printable.js'

/** A command that changes what an ID names wants this many letters of it, or all. */
export const LETTERS_TO_CHANGE = 4

/** What the things of a store are called. */
interface Named<Thing> {
  readonly nameOf: (thing: Thing) => string
  /** Says that none of them has the name. */
  readonly none: (wanted: string) => string
  /** Says that several begin with it. */
  readonly several: (wanted: string, matches: readonly Thing[]) => string
}

/**
 * Refuses a beginning that is too short, for commands that change a thing; a whole name is always enough. @throws
 * UsageError `argument-invalid`.
 */
export function assertLong<Thing>(
  things: readonly Thing[],
  wanted: string,
  { nameOf, what }: { readonly nameOf: (thing: Thing) => string; readonly what: string },
  minLetters: number = LETTERS_TO_CHANGE,
): void {
  if (wanted.length >= minLetters || things.some(thing => nameOf(thing) === wanted)) return
  throw new UsageError(
    'argument-invalid',
    `${printable(wanted)} is too short: give at least ${minLetters} letters of the ${what}`,
  )
}

/**
 * The thing that has this name, or else the only one whose name begins with it.
 * @throws StoreError `store-entry-missing`; UsageError `argument-invalid` when several begin with it.
 */
export function chosen<Thing>(
  things: readonly Thing[],
  wanted: string,
  { nameOf, none, several }: Named<Thing>,
): Thing {
  const exact = things.filter(thing => nameOf(thing) === wanted)
  const matches = exact.length > 0 ? exact : things.filter(thing => nameOf(thing).startsWith(wanted))
  const [match] = matches
  if (match === undefined) throw new StoreError('store-entry-missing', none(wanted))
  if (matches.length === 1) return match
  throw new UsageError('argument-invalid', several(wanted, matches))
}

/** What the things with an ID are called. */
export interface Identified<Thing> {
  readonly idOf: (thing: Thing) => string
  /** Such as `passkey`. */
  readonly what: string
  /** The least letters of a beginning; a whole ID is always enough. */
  readonly minLetters?: number | undefined
}

/** The thing with this ID. @throws like `chosen`; CommandLineError for what looks like an option. */
export function chosenById<Thing>(
  things: readonly Thing[],
  id: string,
  { idOf, what, minLetters = 0 }: Identified<Thing>,
): Thing {
  assertLong(things, id, { nameOf: idOf, what: 'ID' }, minLetters)
  // Every 64th ID begins with a dash, so that commander cannot tell.
  if (id.startsWith('-') && !things.some(thing => idOf(thing).startsWith(id)))
    throw badUsage(`${id} is neither an option nor the ID of a ${what}`)
  return chosen(things, id, {
    nameOf: idOf,
    none: wanted => `no ${what} has the ID ${wanted}`,
    several: (wanted, { length }) => `${length} ${what}s begin with ${wanted}`,
  })
}
