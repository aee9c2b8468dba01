import type { MarkdownRenderer } from 'vitepress'

type Token = ReturnType<MarkdownRenderer['parse']>[number]

/** A comment that names the file in which the next block stands, as tests write that block to a disk. */
const FILE_NAME = /^<!-- ([\w.-]+\.(?:mjs|ts)) -->\s*$/

/** From so many letters on, a name may be broken where one of its parts ends. */
const LONG_NAME = 16

const PART_END = /(?<=[/._])(?=\w)|(?<=[a-z])(?=[A-Z])/g

/** Lets long names in code break between their parts, so that a narrow column of a table does not cut them anywhere. */
export function breakableNames(md: MarkdownRenderer): void {
  const { code_inline: codeInline } = md.renderer.rules
  md.renderer.rules.code_inline = (tokens, index, options, env, self) => {
    const html = codeInline?.(tokens, index, options, env, self) ?? ''
    const isLong = (tokens[index]?.content.length ?? 0) >= LONG_NAME
    return isLong ? html.replace(/(?<=>)[^<]+/g, text => text.replace(PART_END, '<wbr>')) : html
  }
}

/** Gives blocks of plain Markdown what the site’s readers need of them. */
export function plainBlocks(md: MarkdownRenderer): void {
  md.core.ruler.push('plain-blocks', ({ tokens }) => {
    for (const [index, token] of tokens.entries()) {
      // Indented code gets the frame of fenced code, in which it scrolls.
      if (token.type === 'code_block') Object.assign(token, { type: 'fence', info: 'text' })
      // A reader has to know under which name to save what is run afterwards.
      if (token.type === 'html_block') token.content = token.content.replace(FILE_NAME, fileName)
      const [words, close] = tokens.slice(index + 1, index + 3)
      // A picture with words in it is scrolled within its frame where the screen is narrow, by keys as well.
      if (
        token.type === 'paragraph_open' &&
        words?.children?.length === 1 &&
        words.children[0]?.type === 'image'
      )
        frame(token, close)
      // An empty heading of a table says nothing to people who hear the page: it is a plain cell.
      if (token.type === 'th_open' && words?.content === '' && close?.type === 'th_close')
        token.tag = close.tag = 'td'
    }
  })
}

function frame(open: Token, close: Token | undefined): void {
  if (close === undefined) return
  open.tag = close.tag = 'div'
  open.attrs = [
    ['class', 'picture'],
    ['tabindex', '0'],
    ['role', 'group'],
    ['aria-label', 'Picture'],
  ]
}

function fileName(_comment: string, name: string): string {
  return `<p class="file-name"><code>${name}</code></p>\n`
}
