import { fileURLToPath } from 'node:url'
import { resolve } from 'node:path'
import ts from 'typescript'
import { STAND_IN_MODULES } from './stand-in-modules.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const STAND_INS = resolve(ROOT, 'examples/stand-in-modules.d.ts')

/**
 * Checks TypeScript texts as if they were files of the examples, with the project’s own settings.
 * @param texts by path, from the folder of the examples.
 * @returns what the compiler finds wrong, one line each.
 */
export function typeCheck(texts: ReadonlyMap<string, string>): string[] {
  const checked = new Map([...texts].map(([name, text]) => [resolve(ROOT, 'examples', name), text]))
  const files = new Map([...checked, [STAND_INS, STAND_IN_MODULES]])
  const options = projectOptions()
  const host = ts.createCompilerHost(options)
  const onDisk = { ...host }
  host.fileExists = path => files.has(path) || onDisk.fileExists(path)
  host.readFile = path => files.get(path) ?? onDisk.readFile(path)
  host.getSourceFile = (path, settings, ...rest) => {
    const text = files.get(path)
    return text === undefined
      ? onDisk.getSourceFile(path, settings, ...rest)
      : ts.createSourceFile(path, text, settings)
  }
  const program = ts.createProgram({ rootNames: [...files.keys()], options, host })
  const found = [...checked.keys()].flatMap(path => {
    const source = program.getSourceFile(path)
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
  })
  return found.map(lineOf)
}

/** The program of these files, with the project’s own settings. */
export function projectProgram(paths: readonly string[]): ts.Program {
  return ts.createProgram({ rootNames: [...paths], options: projectOptions() })
}

/** The program of one text as if it were a file of the examples, and the path of that. It is made at once, as nothing else is in it. */
export function bareProgram(text: string): { readonly program: ts.Program; readonly path: string } {
  const path = resolve(ROOT, 'examples', 'bare.ts')
  const options: ts.CompilerOptions = { noLib: true, types: [], strict: true }
  const host = ts.createCompilerHost(options)
  host.getSourceFile = (name, settings) =>
    name === path ? ts.createSourceFile(name, text, settings) : undefined
  return { program: ts.createProgram({ rootNames: [path], options, host }), path }
}

function projectOptions(): ts.CompilerOptions {
  const path = resolve(ROOT, 'tsconfig.json')
  const { config } = ts.readConfigFile(path, name => ts.sys.readFile(name)) as { config: unknown }
  return ts.parseJsonConfigFileContent(config, ts.sys, ROOT, undefined, path).options
}

function lineOf({ file, start = 0, messageText }: ts.Diagnostic): string {
  const text = ts.flattenDiagnosticMessageText(messageText, ' ')
  if (file === undefined) return text
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1} ${text}`
}
