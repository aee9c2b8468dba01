import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fencedBlocks } from './markdown-blocks.js'
import type { Block } from './markdown-blocks.js'

const ROOT = new URL('../../', import.meta.url)
/** What stands there is made by tools, or for those who work on the tests. */
const ELSEWHERE = new Set(['node_modules', 'test', 'dist', 'coverage', 'test-results'])
const isPlace = (name: string): boolean =>
  !ELSEWHERE.has(name) && (!name.startsWith('.') || name === '.github')

/** The Markdown pages that people read, from the top of the project, each with its text. */
export const PAGES: ReadonlyMap<string, string> = new Map(
  pagesIn('')
    .toSorted()
    .map(path => [path, readFileSync(new URL(path, ROOT), 'utf8')]),
)

function pagesIn(folder: string): string[] {
  return readdirSync(new URL(folder, ROOT), { withFileTypes: true }).flatMap(entry => {
    if (entry.isDirectory()) return isPlace(entry.name) ? pagesIn(`${folder}${entry.name}/`) : []
    return entry.name.endsWith('.md') ? [`${folder}${entry.name}`] : []
  })
}

/** All fenced blocks of these pages. */
export const BLOCKS: readonly Block[] = [...PAGES].flatMap(([page, text]) => fencedBlocks(text, page))

/** The text of the block of this name, on whatever page it stands. */
export function namedBlock(name: string): string {
  const block = BLOCKS.find(each => each.name === name)
  if (block === undefined) throw new Error(`no page has a block of the name ${name}`)
  return block.text
}

/** What a block of TypeScript that imports something is: a file. */
const isFile = ({ text }: Block): boolean => /^import /m.test(text)
const isTypeScript = ({ language, excuse }: Block): boolean => language === 'ts' && excuse === undefined

/** Blocks that import nothing: parts of a program, which use what examples in docstrings may use. */
export const fragments = (): { path: string; line: number; code: string }[] =>
  BLOCKS.filter(block => isTypeScript(block) && !isFile(block)).map(({ page, line, text }) => ({
    path: page,
    line,
    code: text,
  }))

/** Blocks that are files, by path from the folder of the examples: beside their page, or where their first line says in a comment. */
export function files(): ReadonlyMap<string, string> {
  return new Map(
    BLOCKS.filter(block => isTypeScript(block) && isFile(block)).map(({ page, line, text }) => {
      const [, folder = ''] = /^\/\/ (\S+\/)\S+\.ts\n/.exec(text) ?? []
      return [`../${dirname(page)}/${folder}${basename(page)}-${line}.ts`, text]
    }),
  )
}
