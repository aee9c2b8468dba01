import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import type { ConformReport } from '../../conform/report.js'
import { badUsage } from '../failure.js'
import type { GivenOptions } from '../options/given.js'
import { htmlReport } from './html-report.js'

/** Where a report goes. */
export interface ReportFiles {
  readonly write: (report: ConformReport) => Promise<void>
}

const FORMS: readonly (readonly [option: string, form: (report: ConformReport) => string])[] = [
  ['report', report => `${JSON.stringify(report, undefined, 2)}\n`],
  ['html', htmlReport],
]

/** Opens the files before the run, which takes minutes. @throws CommandLineError for a file that cannot be written. */
export async function reportFiles(options: GivenOptions): Promise<ReportFiles> {
  const files: (readonly [FileHandle, (report: ConformReport) => string])[] = []
  for (const [option, form] of FORMS) {
    const path = options.text(option)
    if (path !== undefined) files.push([await writable(option, path), form])
  }
  return {
    write: async report => {
      for (const [file, form] of files) {
        await file.writeFile(form(report))
        await file.close()
      }
    },
  }
}

async function writable(option: string, path: string): Promise<FileHandle> {
  try {
    return await open(path, 'w')
  } catch (cause) {
    throw badUsage(`--${option}: cannot write ${path}`, { cause })
  }
}
