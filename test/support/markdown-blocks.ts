/** A fenced block of code. */
export interface Block {
  /** Where it stands: the page, from the top of the project, and the line of its fence. */
  readonly page: string
  readonly line: number
  /** What an HTML comment before it calls it. */
  readonly name: string | undefined
  /** Why nothing checks it, as a comment `not checked: …` before it says. */
  readonly excuse: string | undefined
  readonly language: string
  readonly text: string
}

const FENCED = /^(?:<!-- (.+) -->\n+)?^( *)```(\w*)[^\n]*\n([\s\S]*?)^\2```$/gm
const EXCUSE = /^not checked: (.+)/

/** All fenced blocks of a page, in order. */
export function fencedBlocks(markdown: string, page = ''): Block[] {
  return Array.from(markdown.matchAll(FENCED), match => {
    const [whole, comment, indent = '', language = '', text = ''] = match
    const excuse = EXCUSE.exec(comment ?? '')?.[1]
    return {
      page,
      line: lineOf(markdown, match.index + whole.indexOf('```')),
      name: excuse === undefined ? comment : undefined,
      excuse,
      language,
      text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }
  })
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}
