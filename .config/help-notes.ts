/** A part of what stands below the options in the help of a command: paragraphs, or lines under a heading. */
export interface HelpNote {
  /** Undefined for a paragraph. */
  readonly heading: string | undefined
  readonly lines: readonly string[]
}

const EXAMPLES = /^Examples?:$/

/** Takes what stands below the options apart. */
export function helpNotes(text: string): readonly HelpNote[] {
  const blocks = text.trim().split(/\n{2,}/)
  return blocks.filter(block => block !== '').flatMap(block => notesOf(block.split('\n')))
}

/** A block is a paragraph, lines under the last of its lines, or both: that line is the heading where nothing is before it. */
function notesOf(lines: readonly string[]): readonly HelpNote[] {
  const at = lines.findIndex(line => line.startsWith('  '))
  if (at < 0) return [{ heading: undefined, lines }]
  const [before, indented] = [lines.slice(0, at), lines.slice(at)]
  const [heading = ''] = before
  if (before.length === 1 && /^[A-Z][a-z ]+:$/.test(heading))
    return [{ heading: heading.slice(0, -1), lines: indented }]
  const paragraph = before.length > 0 ? [{ heading: undefined, lines: before }] : []
  return [...paragraph, { heading: '', lines: indented }]
}

/** Whether a part has examples. */
export function isExamples({ heading }: HelpNote): boolean {
  return EXAMPLES.test(`${heading ?? ''}:`)
}

/** The rows of a table: a word, two spaces or more, and what it means, which may go on below. */
export function tableRows(lines: readonly string[]): readonly (readonly [word: string, meaning: string])[] {
  const rows: [string, string][] = []
  for (const line of lines) {
    const [, word, meaning = ''] = /^ {2}(\S+) {2,}(.*)$/.exec(line) ?? []
    const last = rows.at(-1)
    if (word !== undefined) rows.push([word, meaning])
    else if (last !== undefined) last[1] += ` ${line.trim()}`
  }
  return rows
}
