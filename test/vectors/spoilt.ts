import { index, vectorFiles } from './files.js'
import type { VectorFile } from './files.js'

type Group = VectorFile['groups'][string]
type Case = Group['cases'][number]

/** A copy of a file of vectors in which every case is wrong, and the names of these cases. */
export interface SpoiltFile {
  readonly file: string
  readonly content: object
  /** GROUP, NAME */
  readonly wrong: readonly string[]
}

/** All files, of the groups that are recomputed: each case as often as it has outputs, one of them spoilt. */
export function spoiltFiles(): readonly SpoiltFile[] {
  return index.files.map(({ file, groups }) => {
    const original = vectorFiles.get(file)
    const spoilt = groups.map(({ name, recomputed }) => {
      const group = original?.groups[name]
      if (group === undefined) throw new Error(`${file} has no ${name}`)
      return [name, recomputed ? spoiltGroup(group) : group, recomputed] as const
    })
    const wrong = spoilt.flatMap(([name, { cases }, isWrong]) =>
      isWrong ? cases.map(one => `${name}, ${one.name}`) : [],
    )
    const content = { ...original, groups: Object.fromEntries(spoilt.map(([name, group]) => [name, group])) }
    return { file, content, wrong }
  })
}

const spoiltGroup = (group: Group): Group => ({ ...group, cases: group.cases.flatMap(spoiltCases) })

function spoiltCases(original: Case): readonly Case[] {
  const { name, input, output, source } = original
  if (output === undefined)
    return [{ name: `${name} (taken)`, input, source, output: {} }, otherError(original)]
  return [
    ...Object.entries(output).flatMap(([field, value]) =>
      spoil(value).map((other, place) => ({
        ...original,
        name: `${name} (${field}, ${place})`,
        output: { ...output, [field]: other },
      })),
    ),
    { name: `${name} (refused)`, input, source, error: 'connection-lost' },
  ]
}

function otherError(original: Case): Case {
  const error = original.error === 'connection-lost' ? 'message-malformed' : 'connection-lost'
  return { ...original, name: `${original.name} (error)`, error }
}

/** A member in words, which follows from nothing. */
const IN_WORDS = 'meaning'

/** Other values, most of the same type. */
function spoil(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return [value.slice(0, -1) + (value.endsWith('0') ? '1' : '0')]
  if (typeof value === 'number') return [value + 1, null]
  if (typeof value === 'boolean') return [!value]
  if (value === null) return [0]
  return Array.isArray(value) ? spoiltLists(value) : spoiltObjects(value as object)
}

function spoiltLists([first, ...others]: readonly unknown[]): readonly unknown[] {
  if (first === undefined) return [['more']]
  return [[first, ...others, first], others, ...spoil(first).map(other => [other, ...others])]
}

function spoiltObjects(members: object): readonly object[] {
  const changed = Object.entries(members).flatMap(([name, value]) =>
    name === IN_WORDS ? [] : spoil(value).map(other => ({ ...members, [name]: other })),
  )
  return [...changed, { ...members, more: 1 }]
}
