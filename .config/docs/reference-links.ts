import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import type { DefaultTheme, MarkdownRenderer } from 'vitepress'
import { ROOT } from './pages.js'
import { REFERENCE_FOLDER } from './write-pages.js'

/** A page of the reference, as a path in the site without its ending. */
type Address = string

/** The page of each symbol. No two entries have symbols of one name. */
const SYMBOLS = symbolPages()

const CODES = new Set(
  Array.from(readFileSync(`${ROOT}src/errors.md`, 'utf8').matchAll(/^### (.+)$/gm), ([, code = '']) => code),
)

/** What is between tags, such as the tokens of coloured code. */
const TEXT = /(?<=>)[^<]+/g

const TYPE_NAME = /\b[A-Z]\w+\b/g

/** In the reference, leads from the names of types in code to their pages, and from codes of errors to their cures. */
export function referenceLinks(md: MarkdownRenderer): void {
  const { fence, code_inline: codeInline } = md.renderer.rules
  md.renderer.rules.fence = (tokens, index, options, env: Env, self) => {
    const html = fence?.(tokens, index, options, env, self) ?? ''
    return isReference(env) ? html.replace(TEXT, text => linkTypes(text, env)) : html
  }
  md.renderer.rules.code_inline = (tokens, index, options, env: Env, self) => {
    const html = codeInline?.(tokens, index, options, env, self) ?? ''
    const code = tokens[index]?.content ?? ''
    const isLinked = tokens[index - 1]?.type === 'link_open'
    if (!isReference(env) || isLinked || !CODES.has(code)) return html
    return `<a href="${relativeTo(env, 'errors')}#${code}">${html}</a>`
  }
}

interface Env {
  readonly relativePath: string
}

function isReference({ relativePath }: Env): boolean {
  return relativePath.startsWith('reference/')
}

function linkTypes(text: string, env: Env): string {
  return text.replace(TYPE_NAME, name => {
    const page = SYMBOLS.get(name)
    const isHere = page === undefined || env.relativePath === `${page}.md`
    return isHere ? name : `<a href="${relativeTo(env, page)}">${name}</a>`
  })
}

/** Relative, so that it is right below any base. */
function relativeTo({ relativePath }: Env, address: Address): string {
  return posix.relative(posix.dirname(relativePath), address)
}

function symbolPages(): ReadonlyMap<string, Address> {
  const sidebar = JSON.parse(
    readFileSync(`${REFERENCE_FOLDER}typedoc-sidebar.json`, 'utf8'),
  ) as DefaultTheme.SidebarItem[]
  return new Map(
    sidebar.flatMap(leaves).map(({ text = '', link = '' }) => [text, link.replace(/^\/|\.md$/g, '')]),
  )
}

function leaves(item: DefaultTheme.SidebarItem): DefaultTheme.SidebarItem[] {
  return item.items === undefined ? [item] : item.items.flatMap(leaves)
}
