import { existsSync } from 'node:fs'
import { posix } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'
import { pageAt, pageOf, ROOT } from './pages.js'
import { PAGES_FOLDER } from './write-pages.js'

type StateCore = Parameters<Parameters<MarkdownRenderer['core']['ruler']['push']>[1]>[0]
type Token = StateCore['tokens'][number]

/** A page as it is written: the file it shows, and its own path among the pages. */
interface Place {
  readonly source: string
  readonly path: string
}

/**
 * Makes links and pictures of the project’s Markdown right for the site. A file links to others by where they are in the project, as
 * GitHub wants it. Here a link to a Markdown file leads to the page of that file. What is no page, such as a source, is named and not
 * linked: the project has no public address yet that such a link could lead to.
 */
export function projectLinks(md: MarkdownRenderer): void {
  md.core.ruler.push('project-links', state => {
    const place = placeOf(state.env)
    if (place === undefined) return
    for (const token of state.tokens) {
      if (token.type === 'html_block') token.content = withPictures(token.content, place)
      if (token.children !== null) token.children = linked(token.children, place, state)
    }
  })
}

/** @returns undefined for a page of the reference. */
function placeOf({ relativePath: path = '' }: { readonly relativePath?: string }): Place | undefined {
  const source = path === 'index.md' ? 'README.md' : pageAt(path)?.source
  return source === undefined ? undefined : { source, path }
}

function linked(tokens: readonly Token[], place: Place, state: StateCore): Token[] {
  /** The file that the open link names, if it is no page. */
  let named: string | undefined
  return tokens.flatMap(token => {
    if (token.type === 'image') token.attrSet('src', picturePath(token.attrGet('src') ?? '', place))
    if (token.type === 'html_inline') token.content = withPictures(token.content, place)
    if (token.type === 'link_open') {
      named = follow(token, place)
      return named === undefined ? [token] : []
    }
    if (token.type !== 'link_close' || named === undefined) return [token]
    const name = named
    named = undefined
    return nameTokens(name, tokens, state)
  })
}

/** Leads a link to a page. @returns the path of the file that it names instead. */
function follow(link: Token, { source }: Place): string | undefined {
  const href = link.attrGet('href') ?? ''
  const [path = '', anchor] = href.split('#')
  if (path === '' || isOutside(href)) return undefined
  const target = inProject(decodeURI(path), source)
  const page = pageOf(target)
  if (page === undefined) return target
  link.attrSet('href', `/${page.address}.md${anchor === undefined ? '' : `#${anchor}`}`)
  return undefined
}

/** ` (path)`, unless the words of the link say it already. */
function nameTokens(path: string, around: readonly Token[], { Token }: StateCore): Token[] {
  const name = posix.basename(path)
  if (around.some(({ type, content }) => type === 'code_inline' && content.endsWith(name))) return []
  const [before, code, after] = [
    new Token('text', '', 0),
    new Token('code_inline', 'code', 0),
    new Token('text', '', 0),
  ]
  before.content = ' ('
  code.content = path
  after.content = ')'
  return [before, code, after]
}

/** @throws Error for a path that leads nowhere, and for a Markdown file that is no page; those that programs write may be none. */
function inProject(path: string, source: string): string {
  const target = posix.join(posix.dirname(source), path).replace(/\/$/, '')
  if (target.startsWith('..') || !existsSync(ROOT + target))
    throw new Error(`${source}: the link to ${path} is dead`)
  if (pageOf(target) === undefined && target.endsWith('.md') && !target.startsWith('.config/'))
    throw new Error(`${source}: ${path} is no page of the site; pages.ts lists them`)
  const readme = `${target}/README.md`
  return pageOf(readme) === undefined ? target : readme
}

function withPictures(html: string, place: Place): string {
  return html.replace(/(?<=\s(?:src|srcset)=")[^"]+/g, path => picturePath(path, place))
}

/** From the page as it is written to a picture of the project. */
function picturePath(path: string, { source, path: page }: Place): string {
  if (isOutside(path)) throw new Error(`${source}: the picture ${path} is of another host`)
  return posix.relative(posix.dirname(PAGES_FOLDER + page), ROOT + inProject(path, source))
}

function isOutside(address: string): boolean {
  return /^[a-z]+:|^\/\//i.test(address)
}
