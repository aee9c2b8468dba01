import { resolve } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { ENTRIES } from '../../.config/package-files.js'
import { projectProgram } from '../support/type-check.js'

/** Mirrors of WebAuthn’s JSON and dictionaries and of the native packages, which say what others say. */
const MIRRORS =
  /\/(webauthn\/[a-z-]+-json|credentials\/page-dictionaries|testing\/relying-party|adapters\/native\/radio-module)\.ts$/

const UNDEFINED = new Set([
  ts.SyntaxKind.UndefinedKeyword,
  ts.SyntaxKind.UnknownKeyword,
  ts.SyntaxKind.NeverKeyword,
])

/** The optional members that do not take `undefined`, of all types that these files export or that those name. */
function strictOptionals(paths: readonly string[]): string[] {
  const program = projectProgram(paths)
  const checker = program.getTypeChecker()
  const seen = new Set<ts.Node>()
  const found: string[] = []
  const follow = (symbol: ts.Symbol | undefined): void => {
    if (symbol === undefined) return
    const aliased = (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol)
    for (const declaration of aliased.declarations ?? [])
      if (!declaration.getSourceFile().isDeclarationFile) visit(declaration)
  }
  const visit = (node: ts.Node): void => {
    if (seen.has(node) || ts.isBlock(node) || hasPrivateName(node)) return
    seen.add(node)
    if (isStrictOptional(node)) found.push(`${node.getSourceFile().fileName}: ${node.getText()}`)
    if (ts.isTypeReferenceNode(node)) follow(checker.getSymbolAtLocation(node.typeName))
    if (ts.isExpressionWithTypeArguments(node)) follow(checker.getSymbolAtLocation(node.expression))
    ts.forEachChild(node, visit)
  }
  for (const path of paths) {
    const source = program.getSourceFile(path)
    const entry = source && checker.getSymbolAtLocation(source)
    for (const symbol of entry === undefined ? [] : checker.getExportsOfModule(entry)) follow(symbol)
  }
  return found.filter(line => !MIRRORS.test(line.split(': ')[0] ?? ''))
}

function hasPrivateName(node: ts.Node): boolean {
  return ts.isClassElement(node) && node.name !== undefined && ts.isPrivateIdentifier(node.name)
}

function isStrictOptional(node: ts.Node): boolean {
  if (!ts.isPropertySignature(node) && !ts.isPropertyDeclaration(node)) return false
  if (node.questionToken === undefined || node.type === undefined) return false
  const parts = ts.isUnionTypeNode(node.type) ? [...node.type.types] : [node.type]
  return !parts.some(part => UNDEFINED.has(part.kind))
}

test('every optional member of the public types takes undefined', { timeout: 120_000 }, () => {
  const paths = Object.values(ENTRIES).map(path => resolve(path))
  expect(paths.length).toBeGreaterThan(20)
  expect(strictOptionals(paths)).toEqual([])
})
