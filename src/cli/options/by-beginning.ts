/** What an ID or name means: the one that has it, or else all that begin with it. */
export function byBeginning<Thing>(
  things: readonly Thing[],
  idOf: (thing: Thing) => string,
  wanted: string,
): readonly Thing[] {
  const exact = things.filter(thing => idOf(thing) === wanted)
  return exact.length > 0 ? exact : things.filter(thing => idOf(thing).startsWith(wanted))
}
