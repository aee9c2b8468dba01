import { readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'
import { EXAMPLE_NAMES } from './example-names.js'

const ROOT = new URL('../../', import.meta.url)

/** The code under one `@example`. */
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

/**
 * The example as a file of its own: of `EXAMPLE_NAMES` what it uses, and its file does not export, is declared; what the package exports is imported from its entry
 * points, the rest from the file that the example stands in.
 * @param entries the names that can be imported, with the specifier of the entry point.
 * @param own the names that the file itself exports.
 */
export function asModule(
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
