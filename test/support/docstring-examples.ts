import { readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'
import { ENTRIES } from '../../.config/package-files.js'
import { EXAMPLE_NAMES } from './example-names.js'

const ROOT = new URL('../../', import.meta.url)

/** The code under one `@example`, or a part of a page. */
export interface DocstringExample {
  /** The file, from the top of the project, and the line of the comment. */
  readonly path: string
  readonly line: number
  readonly code: string
}

const DOCSTRING = /\/\*\*(?:(?!\*\/)[\s\S])*?@example\b(?:(?!\*\/)[\s\S])*?\*\//g

/** All examples of the source, in order. */
export function docstringExamples(): DocstringExample[] {
  return readdirSync(new URL('src', ROOT), { recursive: true })
    .map(name => `src/${String(name)}`)
    .filter(path => path.endsWith('.ts'))
    .toSorted()
    .flatMap(examplesIn)
}

function examplesIn(path: string): DocstringExample[] {
  const text = readFileSync(new URL(path, ROOT), 'utf8')
  return Array.from(text.matchAll(DOCSTRING), ({ 0: comment, index }) => ({
    path,
    line: text.slice(0, index).split('\n').length,
    code: codeOf(comment),
  }))
}

/** From the tag to the next one, without the stars. */
function codeOf(comment: string): string {
  const [, after = ''] = comment.replace(/\*\/$/, '').split(/@example\b/)
  return after
    .split('\n')
    .map(line => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .split(/^@/m, 1)
    .join('')
    .trim()
}

/** The examples as files of their own, by path from the folder of the examples. */
export async function exampleModules(
  those: readonly DocstringExample[],
): Promise<ReadonlyMap<string, string>> {
  const entries = await exportedNames()
  const texts = those.map(async (example): Promise<[string, string]> => [
    `docstrings/${example.path.replaceAll('/', '-').replace(/\.ts$/, '')}-${example.line}.ts`,
    asModule(example, entries, new Set(await exportsOf(example.path))),
  ])
  return new Map(await Promise.all(texts))
}

/** Where each value of the package can be imported from: the first entry point that has it. */
async function exportedNames(): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  for (const [entry, path] of Object.entries(ENTRIES).filter(([name]) => name !== 'cli'))
    for (const name of await exportsOf(path))
      if (!names.has(name)) names.set(name, entry === 'index' ? 'fido-hybrid' : `fido-hybrid/${entry}`)
  return names
}

/** A page exports nothing. */
const exportsOf = async (path: string): Promise<string[]> =>
  path.endsWith('.ts') ? Object.keys((await import(new URL(path, ROOT).href)) as object) : []

/**
 * The example as a file of its own: of `EXAMPLE_NAMES` what it uses, and its file does not export, is declared; what the package exports is imported from its entry
 * points, the rest from the file that the example stands in.
 * @param entries the names that can be imported, with the specifier of the entry point.
 * @param own the names that the file itself exports.
 */
function asModule(
  { path, code }: DocstringExample,
  entries: ReadonlyMap<string, string>,
  own: ReadonlySet<string>,
): string {
  const lines = freeNames(code).flatMap(name => {
    if (Object.hasOwn(EXAMPLE_NAMES, name) && !own.has(name))
      return [`declare const ${name}: ${EXAMPLE_NAMES[name]}`]
    const from = entries.get(name) ?? (own.has(name) ? `../../${path.replace(/\.ts$/, '.js')}` : undefined)
    return from === undefined ? [] : [`import { ${name} } from '${from}'`]
  })
  return [...lines, code, 'export {}', ''].join('\n')
}

/** The names that an example uses and does not make. */
export function freeNames(code: string): string[] {
  const used = new Set<string>()
  const made = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !isMember(node)) (isMade(node) ? made : used).add(node.text)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('example.ts', code, ts.ScriptTarget.ESNext, true))
  return [...used].filter(name => !made.has(name))
}

function isMade(node: ts.Identifier): boolean {
  const { parent } = node
  const declares =
    ts.isVariableDeclaration(parent) ||
    ts.isParameter(parent) ||
    ts.isBindingElement(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isImportClause(parent)
  return declares && parent.name === node
}

function isMember(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isBindingElement(parent)) return parent.propertyName === node
  return (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node
}
