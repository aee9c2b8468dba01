import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor'
import type { ExtractorLogLevel, ExtractorMessage, IExtractorMessagesConfig } from '@microsoft/api-extractor'
import { writeDeclarations } from './declarations.js'
import { LIBRARY } from './package-files.js'

/** What entries refer to and no entry exports: the lists of error codes are among it. */
const SHARED_REPORT = 'shared.api.md'
const EVERYTHING = 'everything'

// The enum has no value where modules are compiled one by one.
const NONE = 'none' as ExtractorLogLevel.None

/** A report has names and types. Docstrings have tests of their own. */
const MESSAGES: IExtractorMessagesConfig = {
  extractorMessageReporting: { default: { logLevel: NONE } },
  tsdocMessageReporting: { default: { logLevel: NONE } },
}

/**
 * Makes the reports of all entries from the source as it is.
 * @returns the text of each by its file name.
 */
export async function makeReports(): Promise<ReadonlyMap<string, string>> {
  // Below the project the declarations find the types of other packages.
  await mkdir('coverage', { recursive: true })
  const folder = await mkdtemp(resolve('coverage', 'api-'))
  try {
    await writeDeclarations(folder)
    await writeFile(join(folder, `${EVERYTHING}.d.ts`), everything())
    await mkdir(join(folder, 'reports'))
    extractAll(folder)
    return told(await readReports(join(folder, 'reports')))
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** The reports in a folder, by their file names. */
export async function readReports(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.api.md')).toSorted()
  const texts = await Promise.all(names.map(name => readFile(join(folder, name), 'utf8')))
  return new Map(names.map((name, place) => [name, texts[place] ?? '']))
}

/** `adapters/ws` has `adapters-ws.api.md`. */
function reportOf(entry: string): string {
  return `${entry.replaceAll('/', '-')}.api.md`
}

function everything(): string {
  return Object.keys(LIBRARY)
    .map(entry => `export * from './${entry}.js'\n`)
    .join('')
}

/** All entries share one program of the compiler: reading them costs most of the time. */
function extractAll(folder: string): void {
  const all = configOf(folder, EVERYTHING)
  const compilerState = CompilerState.create(all)
  for (const config of [all, ...Object.keys(LIBRARY).map(entry => configOf(folder, entry))]) {
    const { errorCount } = Extractor.invoke(config, { compilerState, localBuild: true, messageCallback })
    if (errorCount > 0) throw new Error(`${config.mainEntryPointFilePath} has no report`)
  }
}

function configOf(folder: string, entry: string): ExtractorConfig {
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: resolve('.'),
      mainEntryPointFilePath: join(folder, `${entry}.d.ts`),
      compiler: { tsconfigFilePath: resolve('tsconfig.json') },
      apiReport: {
        enabled: true,
        reportFileName: reportOf(entry),
        reportFolder: join(folder, 'reports'),
        reportTempFolder: join(folder, 'reports-before'),
        includeForgottenExports: entry === EVERYTHING,
      },
      newlineKind: 'lf',
      messages: MESSAGES,
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: resolve('package.json'),
  })
}

/** Lets errors be told, and nothing else: not which files are read, nor that a report is new. */
function messageCallback(message: ExtractorMessage): void {
  if (message.logLevel !== 'error') message.handled = true
}

function told(reports: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const texts = new Map(Array.from(reports, ([name, text]) => [name, withoutMarks(text)]))
  const all = texts.get(reportOf(EVERYTHING)) ?? ''
  texts.delete(reportOf(EVERYTHING))
  return texts.set(SHARED_REPORT, withoutExports(all))
}

/** A new docstring is no change of the public face. */
function withoutMarks(text: string): string {
  return text
    .replaceAll(/^ *\/\*\*[^]*?\*\/\n/gm, '')
    .replaceAll(/^ *\/\/ \(undocumented\)\n/gm, '')
    .replaceAll(' (undocumented)', '')
}

/** Leaves what is not exported of a report that has both. */
function withoutExports(report: string): string {
  const parts = report.split(/\n\n(?=\/\/ @|\/\/ \(No )/)
  return parts.filter(part => !/^\/\/ @.*\nexport /.test(part)).join('\n\n')
}
