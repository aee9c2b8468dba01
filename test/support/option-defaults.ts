import ts from 'typescript'

/** A number, a text or a truth that code takes where the caller gave none. */
export type Constant = number | string | boolean

/** Where the code of a program has a constant in place of a member or a parameter that is left out: the constants by declaration. */
export function optionDefaults(program: ts.Program): ReadonlyMap<ts.Node, ReadonlySet<Constant>> {
  const checker = program.getTypeChecker()
  const found = new Map<ts.Node, Set<Constant>>()
  const note = (option: ts.Symbol | undefined, standIn: ts.Expression): void => {
    const value = constantOf(checker, standIn)
    if (value === undefined) return
    for (const declaration of option?.declarations ?? [])
      found.set(declaration, (found.get(declaration) ?? new Set()).add(value))
  }
  const visit = (node: ts.Node): void => {
    if (ts.isBindingElement(node) && node.initializer !== undefined)
      note(ifOptional(destructured(checker, node)), node.initializer)
    if (ts.isParameter(node) && node.initializer !== undefined)
      note(checker.getSymbolAtLocation(node.name), node.initializer)
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken)
      note(ifOptional(readOption(checker, node.left)), node.right)
    if (ts.isVariableDeclaration(node) && /^DEFAULT/.test(node.name.getText()))
      for (const [option, standIn] of listed(checker.getTypeAtLocation(node.name), node.initializer))
        note(option, standIn)
    if (ts.isCallExpression(node))
      for (const [option, standIn] of handedOn(checker, node)) note(option, standIn)
    ts.forEachChild(node, visit)
  }
  for (const source of program.getSourceFiles()) if (!source.isDeclarationFile) visit(source)
  return found
}

/** What may be left out: others have no default, whatever code says of them. */
function ifOptional(option: ts.Symbol | undefined): ts.Symbol | undefined {
  const [declaration] = option?.declarations ?? []
  const isOptional = ((option?.flags ?? 0) & ts.SymbolFlags.Optional) !== 0
  return isOptional || (declaration !== undefined && ts.isParameter(declaration)) ? option : undefined
}

/** The member that `{ name = … }` reads. */
function destructured(checker: ts.TypeChecker, element: ts.BindingElement): ts.Symbol | undefined {
  if (!ts.isObjectBindingPattern(element.parent)) return undefined
  const name = element.propertyName ?? element.name
  if (!ts.isIdentifier(name)) return undefined
  return checker.getTypeAtLocation(element.parent).getProperty(name.text)
}

/** The member that `options.name ?? …` reads, be it destructured before. */
function readOption(checker: ts.TypeChecker, left: ts.Expression): ts.Symbol | undefined {
  if (ts.isPropertyAccessExpression(left)) return checker.getSymbolAtLocation(left.name)
  if (!ts.isIdentifier(left)) return undefined
  const symbol = checker.getSymbolAtLocation(left)
  const [declaration] = symbol?.declarations ?? []
  return declaration !== undefined && ts.isBindingElement(declaration)
    ? destructured(checker, declaration)
    : symbol
}

type StandIn = readonly [option: ts.Symbol | undefined, standIn: ts.Expression]

/** The members of a type that a table of defaults lists. */
function listed(type: ts.Type, table: ts.Expression | undefined): StandIn[] {
  if (table === undefined || !ts.isObjectLiteralExpression(table)) return []
  return table.properties
    .filter(property => ts.isPropertyAssignment(property))
    .map(({ name, initializer }) => [type.getProperty(name.getText()), initializer])
}

/** The options that a call hands on to a function that has constants for them: by its parameters, or `limitsFrom` by its table. */
function handedOn(checker: ts.TypeChecker, call: ts.CallExpression): StandIn[] {
  const { arguments: given, expression } = call
  const [, table, limits] = given
  if (expression.getText() === 'limitsFrom' && table !== undefined && limits !== undefined)
    return listed(checker.getTypeAtLocation(limits), tableOf(checker, table))
  const parameters = checker.getResolvedSignature(call)?.declaration?.parameters ?? []
  return given.flatMap((argument, index): StandIn[] => {
    const parameter = parameters[index]
    const standIn = parameter !== undefined && ts.isParameter(parameter) ? parameter.initializer : undefined
    return standIn === undefined ? [] : [[ifOptional(readOption(checker, argument)), standIn]]
  })
}

function tableOf(checker: ts.TypeChecker, table: ts.Expression): ts.Expression | undefined {
  if (!ts.isIdentifier(table)) return table
  const declaration = checker.getSymbolAtLocation(table)?.valueDeclaration
  return declaration !== undefined && ts.isVariableDeclaration(declaration)
    ? declaration.initializer
    : undefined
}

/** What an expression of constants comes to. */
function constantOf(checker: ts.TypeChecker, node: ts.Expression): Constant | undefined {
  if (ts.isNumericLiteral(node)) return Number(node.text.replaceAll('_', ''))
  if (ts.isStringLiteralLike(node)) return node.text
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node))
    return constantOf(checker, node.expression)
  if (ts.isBinaryExpression(node)) return product(checker, node)
  if (node.getText() === 'Infinity') return Infinity
  if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) return namedConstant(checker, node)
  return undefined
}

function product(
  checker: ts.TypeChecker,
  { left, right, operatorToken }: ts.BinaryExpression,
): number | undefined {
  const a = constantOf(checker, left)
  const b = constantOf(checker, right)
  if (typeof a !== 'number' || typeof b !== 'number') return undefined
  if (operatorToken.kind === ts.SyntaxKind.AsteriskToken) return a * b
  return operatorToken.kind === ts.SyntaxKind.PlusToken ? a + b : undefined
}

function namedConstant(
  checker: ts.TypeChecker,
  node: ts.Identifier | ts.PropertyAccessExpression,
): Constant | undefined {
  const symbol = checker.getSymbolAtLocation(ts.isIdentifier(node) ? node : node.name)
  if (symbol === undefined) return undefined
  const named = (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol)
  const { valueDeclaration } = named
  const isConstant =
    valueDeclaration !== undefined &&
    (ts.isVariableDeclaration(valueDeclaration) || ts.isPropertyAssignment(valueDeclaration))
  return isConstant && valueDeclaration.initializer !== undefined
    ? constantOf(checker, valueDeclaration.initializer)
    : undefined
}
