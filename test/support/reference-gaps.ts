import ts from 'typescript'
import type { Constant } from './option-defaults.js'
import type { Documented } from './public-reference.js'

/** Types that say what WebAuthn and the native packages say: their members are explained there. */
const MIRRORS =
  /\/(webauthn\/[a-z-]+-json|credentials\/page-dictionaries|testing\/relying-party|adapters\/native\/radio-module)\.ts:/

/** Whether hovering over a name would tell nothing. */
export const lacksSentence = ({ text }: Documented): boolean => text.trim() === ''

/** Whether a member says too little: neither a sentence, nor the comment of its variant, nor all of it in its name and type. */
export function memberLacksSentence(checker: ts.TypeChecker, member: Documented): boolean {
  if (!lacksSentence(member)) return false
  return !saysEverything(checker, member) && !MIRRORS.test(member.place) && !isOfExplainedVariant(member)
}

/** A member with one value, such as `type: 'ctap'`, or one that is named for its type, such as `clock: Clock`. */
function saysEverything(checker: ts.TypeChecker, { symbol, declaration }: Documented): boolean {
  const type = checker.getNonNullableType(checker.getTypeOfSymbol(symbol))
  if (type.isLiteral() || (type.flags & (ts.TypeFlags.BooleanLiteral | ts.TypeFlags.Never)) !== 0) return true
  const written =
    ts.isPropertySignature(declaration) ||
    ts.isPropertyDeclaration(declaration) ||
    ts.isParameter(declaration)
  return written && isNamedForType(symbol.name, declaration.type)
}

function isNamedForType(name: string, type: ts.TypeNode | undefined): boolean {
  if (type === undefined) return false
  if (ts.isUnionTypeNode(type)) return type.types.some(part => isNamedForType(name, part))
  if (!ts.isTypeReferenceNode(type)) return false
  const [argument] = type.typeArguments ?? []
  return type.typeName.getText() === 'Partial'
    ? isNamedForType(name, argument)
    : type.typeName.getText().toLowerCase().includes(name.toLowerCase())
}

/** Whether the member belongs to a part of a union that has a comment of its own. */
function isOfExplainedVariant({ declaration }: Documented): boolean {
  const variant = ts.findAncestor(
    declaration.parent,
    node => !ts.isSourceFile(node) && ts.isUnionTypeNode(node.parent),
  )
  if (variant === undefined) return false
  const text = variant.getSourceFile().text
  const before = text
    .slice(0, variant.getStart())
    .replace(/\|\s*$/, '')
    .trimEnd()
  return before.endsWith('*/')
}

/** Whether it is called, or made, and no example shows how. */
export function lacksExample(checker: ts.TypeChecker, documented: Documented): boolean {
  return isCalled(checker, documented) && !documented.tags.some(({ name }) => name === 'example')
}

function isCalled(checker: ts.TypeChecker, { symbol }: Documented): boolean {
  if ((symbol.flags & ts.SymbolFlags.Class) !== 0) return true
  return (
    (symbol.flags & ts.SymbolFlags.Value) !== 0 &&
    checker.getTypeOfSymbol(symbol).getCallSignatures().length > 0
  )
}

/** Where two parameters or more are plain, those that the docstring does not name; the sentence speaks of a single one. */
export function untoldParameters(documented: Documented): string[] {
  const { name, symbol } = documented
  const told = toldOf(documented)
  return calledDeclarations(symbol).flatMap(({ parameters }) => {
    const plain = parameters
      .filter(parameter => ts.isIdentifier(parameter.name) && isPlain(parameter.type))
      .map(parameter => parameter.name.getText())
    if (plain.length < 2) return []
    return plain
      .filter(parameter => !new RegExp(`\\b${parameter}\\b`).test(told))
      .map(parameter => `${name}(${parameter})`)
  })
}

function calledDeclarations({ declarations = [] }: ts.Symbol): ts.SignatureDeclaration[] {
  return declarations.flatMap((declaration): readonly ts.SignatureDeclaration[] => {
    if (ts.isVariableDeclaration(declaration) || ts.isPropertySignature(declaration))
      return declaration.type !== undefined && ts.isFunctionTypeNode(declaration.type)
        ? [declaration.type]
        : []
    if (ts.isClassDeclaration(declaration)) return declaration.members.filter(ts.isConstructorDeclaration)
    return ts.isFunctionDeclaration(declaration) ||
      ts.isMethodDeclaration(declaration) ||
      ts.isMethodSignature(declaration)
      ? [declaration]
      : []
  })
}

/** Text, numbers, bytes and truths: their types do not say what they are for. */
function isPlain(type: ts.TypeNode | undefined): boolean {
  return type !== undefined && /^(?:string|number|boolean|Uint8Array|bigint)\b/.test(type.getText())
}

/** The codes that a body itself throws, without those that the docstring has. */
export function untoldErrors(documented: Documented): string[] {
  const { name, symbol } = documented
  const told = toldOf(documented)
  const thrown = new Set(
    (symbol.declarations ?? []).flatMap(declaration =>
      ts.isFunctionDeclaration(declaration) || ts.isMethodDeclaration(declaration)
        ? thrownIn(declaration.body)
        : ts.isClassDeclaration(declaration)
          ? declaration.members.filter(ts.isConstructorDeclaration).flatMap(({ body }) => thrownIn(body))
          : [],
    ),
  )
  return [...thrown].filter(code => !told.includes(code)).map(code => `${name}: ${code}`)
}

const isCode = (text: string): boolean => /^[a-z]+(?:-[a-z]+)+$/.test(text)

function thrownIn(body: ts.Node | undefined): string[] {
  if (body === undefined) return []
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return
    if (ts.isThrowStatement(node) && ts.isNewExpression(node.expression)) {
      const [code] = node.expression.arguments ?? []
      if (code !== undefined && ts.isStringLiteral(code) && isCode(code.text)) found.push(code.text)
    }
    ts.forEachChild(node, visit)
  }
  visit(body)
  return found
}

/** What is wrong with the default that a docstring tells: not told, not that of the code, or told of none. */
export function untrueDefault(
  documented: Documented,
  defaults: ReadonlyMap<ts.Node, ReadonlySet<Constant>>,
): string[] {
  const { name, place, symbol, declaration } = documented
  const inCode = new Set(
    [declaration, ...calledDeclarations(symbol).flatMap(({ parameters }) => [...parameters])].flatMap(
      each => [...(defaults.get(each) ?? [])],
    ),
  )
  if (MIRRORS.test(place) || isOfClass(declaration)) return []
  const told = toldOf(documented)
  const worth = [...inCode].filter(value => value !== false && value !== '')
  if (worth.length > 0 && !worth.some(value => tells(told, value)))
    return [`${name} is ${worth.join(' or ')} unless given, and does not say so`]
  const claimed = CLAIM.exec(told)
  return claimed !== null && !/false$/.test(claimed[0]) && ![...inCode].some(value => tells(told, value))
    ? [`${name} says “${claimed[0]}”, and the code has ${[...inCode].join(' or ') || 'no such constant'}`]
    : []
}

/** Members of classes are no options: they take over what the interface says. */
const isOfClass = ({ parent }: ts.Declaration): boolean => ts.isClassDeclaration(parent)

const NUMBER = '\\d[\\d.,]*(?: \\d{3})*(?: [KM]iB)?'
/** A number, or a word of code, that is said to be the default. */
const CLAIM = new RegExp(
  `\\b[Dd]efault:? (?:${NUMBER}|\`[^\`]+\`|true|false|Infinity)(?=[.,;:) ]|$)|(?<![\\w.] )(?:${NUMBER}|true|Infinity) unless given`,
)

function tells(text: string, value: Constant): boolean {
  return waysToWrite(value)
    .map(way => way.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .some(way =>
      new RegExp(
        `[Dd]efault:? ${way}(?! ?\\d)(?=[.,;:) ]|$)|(?<!\\d ?)${way} (?:unless given|\\(default\\))`,
      ).test(text),
    )
}

const KIB = 1024

function waysToWrite(value: Constant): string[] {
  const plain = String(value)
  if (typeof value !== 'number') return [plain, `\`${plain}\``]
  const grouped = [' ', ','].map(gap => plain.replace(/\B(?=(?:\d{3})+$)/g, gap))
  const inKib = value % KIB === 0 ? [`${value / KIB} KiB`] : []
  const inMib = value % (KIB * KIB) === 0 ? [`${value / KIB / KIB} MiB`] : []
  return [plain, ...grouped, ...inKib, ...inMib]
}

/** Links in a docstring that lead to no name. */
export function deadLinks(checker: ts.TypeChecker, { name, declaration }: Documented): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (
      ts.isJSDocLink(node) &&
      node.name !== undefined &&
      checker.getSymbolAtLocation(node.name) === undefined
    )
      found.push(`${name} links to ${node.name.getText()}`)
    ts.forEachChild(node, visit)
  }
  ts.getJSDocCommentsAndTags(declaration).forEach(visit)
  return found
}

/** The whole docstring in one line, with its tags; of a class also that of its constructor. */
function toldOf({ text, tags, symbol }: Documented): string {
  const constructors = (symbol.declarations ?? [])
    .filter(declaration => ts.isClassDeclaration(declaration))
    .flatMap(({ members }) => members.filter(ts.isConstructorDeclaration))
    .flatMap(node => ts.getJSDocCommentsAndTags(node).map(comment => comment.getText()))
  return [text, ...tags.map(tag => ts.displayPartsToString(tag.text)), ...constructors]
    .join(' ')
    .replace(/[\s*]+/g, ' ')
}
