/** More lines of one report are counted, not shown. */
const SHOWN = 20

/**
 * Says how reports that are kept differ from those of the source as it is.
 * @returns what to print, by lines: one where nothing differs.
 */
export function differences(
  kept: ReadonlyMap<string, string>,
  made: ReadonlyMap<string, string>,
): readonly string[] {
  const names = [...new Set([...kept.keys(), ...made.keys()])].toSorted()
  const changed = names.filter(name => kept.get(name) !== made.get(name))
  if (changed.length === 0) return [`The public face is as its ${made.size} reports say.`]
  return [...changed.flatMap(name => difference(name, kept.get(name), made.get(name))), CURE]
}

const CURE = `
The public face of the package differs from the reports in .config/api. Where the change is meant, run "npm run api", look at
what it changed, commit it, and say in CHANGELOG.md what users have to know. Where it is not, mend the source.`

function difference(name: string, kept: string | undefined, made: string | undefined): readonly string[] {
  if (kept === undefined) return [`${name}: there is no report of this entry`]
  if (made === undefined) return [`${name}: there is no such entry`]
  const lines = [...missing(kept, made, '-'), ...missing(made, kept, '+')]
  const rest = lines.length - SHOWN
  return [`${name}:`, ...lines.slice(0, SHOWN), ...(rest > 0 ? [`  … and ${rest} lines more`] : [])]
}

/** Lines of one text that the other does not have, or not as often. */
function missing(text: string, other: string, sign: string): readonly string[] {
  const left = new Map<string, number>()
  for (const line of other.split('\n')) left.set(line, (left.get(line) ?? 0) + 1)
  return text.split('\n').flatMap(line => {
    const count = left.get(line) ?? 0
    left.set(line, count - 1)
    return count > 0 ? [] : [`${sign} ${line}`]
  })
}
