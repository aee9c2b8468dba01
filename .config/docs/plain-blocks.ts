import type { MarkdownRenderer } from 'vitepress'

/** Gives blocks of plain Markdown what the site’s readers need of them. */
export function plainBlocks(md: MarkdownRenderer): void {
  md.core.ruler.push('plain-blocks', ({ tokens }) => {
    for (const [index, token] of tokens.entries()) {
      // Indented code gets the frame of fenced code, in which it scrolls.
      if (token.type === 'code_block') Object.assign(token, { type: 'fence', info: 'text' })
      // An empty heading of a table says nothing to people who hear the page: it is a plain cell.
      const [words, close] = tokens.slice(index + 1, index + 3)
      if (token.type === 'th_open' && words?.content === '' && close?.type === 'th_close')
        token.tag = close.tag = 'td'
    }
  })
}
