import { fileURLToPath } from 'node:url'
import { resolve } from 'node:path'
import ts from 'typescript'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Checks TypeScript texts as if they were files of the examples, with the project’s own settings.
 * @returns what the compiler finds wrong, one line each.
 */
export function typeCheck(texts: ReadonlyMap<string, string>): string[] {
  const files = new Map([...texts].map(([name, text]) => [resolve(ROOT, 'examples', name), text]))
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
  const found = [...files.keys()].flatMap(path => {
    const source = program.getSourceFile(path)
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
  })
  return found.map(lineOf)
}

/** The program of these files, with the project’s own settings. */
export function projectProgram(paths: readonly string[]): ts.Program {
  return ts.createProgram({ rootNames: [...paths], options: projectOptions() })
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
