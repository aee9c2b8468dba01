import { resolve } from 'node:path'
import ts from 'typescript'

/** One thing that a person can hover over: what an entry exports, or a public member of that. */
export interface Documented {
  /** `HybridClient`, `HybridClient.create`. */
  readonly name: string
  /** The file from the top of the project, and the line. */
  readonly place: string
  readonly symbol: ts.Symbol
  readonly declaration: ts.Declaration
  /** What the docstring says before its tags, the inherited one of a class where it has none. */
  readonly text: string
  readonly tags: readonly ts.JSDocTagInfo[]
}

/** What some modules export, each once, and the members that go with it. */
export interface PublicReference {
  readonly exported: readonly Documented[]
  readonly members: readonly Documented[]
}

/** Reads the docstrings of what these files export. */
export function publicReference(program: ts.Program, paths: readonly string[]): PublicReference {
  const checker = program.getTypeChecker()
  const symbols = new Set(paths.flatMap(path => exportsOf(program, path)))
  const exported = [...symbols].flatMap(symbol => documented(checker, symbol, symbol.name))
  const members = exported.flatMap(({ name, symbol }) =>
    membersOf(checker, symbol).flatMap(member => documented(checker, member, `${name}.${member.name}`)),
  )
  return { exported, members: uniqueMembers(members) }
}

function exportsOf(program: ts.Program, path: string): ts.Symbol[] {
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(path)
  const entry = source && checker.getSymbolAtLocation(source)
  if (entry === undefined) throw new Error(`${path} is no module`)
  return checker
    .getExportsOfModule(entry)
    .map(symbol => ((symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol)))
}

/** Without those of other packages, and of the language. */
function documented(checker: ts.TypeChecker, symbol: ts.Symbol, name: string): Documented[] {
  const declaration = symbol.declarations?.[0]
  if (declaration === undefined) return []
  const source = declaration.getSourceFile()
  if (source.isDeclarationFile) return []
  const line = source.getLineAndCharacterOfPosition(declaration.getStart()).line + 1
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker))
  const place = `${source.fileName.slice(resolve('.').length + 1)}:${line}`
  return [{ name, place, symbol, declaration, text, tags: symbol.getJsDocTags(checker) }]
}

/** A member that several types inherit is told once. */
function uniqueMembers(members: readonly Documented[]): Documented[] {
  const first = new Map<ts.Declaration, Documented>()
  for (const member of members) if (!first.has(member.declaration)) first.set(member.declaration, member)
  return [...first.values()]
}

const SHAPES = ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias

/** Public members: of classes, interfaces and object types, and of each part of a union. */
function membersOf(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol[] {
  if ((symbol.flags & SHAPES) === 0) return []
  const type = checker.getDeclaredTypeOfSymbol(symbol)
  const statics = symbol.flags & ts.SymbolFlags.Class ? [...(symbol.exports?.values() ?? [])] : []
  return [...partsOf(type).flatMap(part => checker.getPropertiesOfType(part)), ...statics].filter(isPublic)
}

function partsOf(type: ts.Type): readonly ts.Type[] {
  const parts = type.isUnion() ? type.types : [type]
  return parts.filter(part => (part.flags & ts.TypeFlags.Object) !== 0 || part.isIntersection())
}

function isPublic({ declarations, name }: ts.Symbol): boolean {
  if (name === 'prototype' || declarations?.[0] === undefined) return false
  const [declaration] = declarations
  const named = ts.getNameOfDeclaration(declaration)
  if (named !== undefined && (ts.isPrivateIdentifier(named) || ts.isComputedPropertyName(named))) return false
  return (
    (ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) === 0
  )
}
