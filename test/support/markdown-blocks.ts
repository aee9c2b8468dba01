/** A fenced block of code, and the name that an HTML comment before it gives. */
export interface Block {
  readonly name: string | undefined
  readonly language: string
  readonly text: string
}

const FENCED = /(?:^<!-- (\S+) -->\n+)?^```(\w*)\n([\s\S]*?)^```$/gm

/** All fenced blocks of a page, in order. */
export function fencedBlocks(markdown: string): Block[] {
  return Array.from(markdown.matchAll(FENCED), ([, name, language = '', text = '']) => ({
    name,
    language,
    text,
  }))
}
