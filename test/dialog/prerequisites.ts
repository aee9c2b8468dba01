import { PAGE_PROGRAMS, findProgram } from '../../src/testing/page-programs.js'

/** Why there can be no dialog on this machine; undefined where there can. */
export function whyNoDialog(): string | undefined {
  if (process.platform !== 'linux') return `the dialog is tested on Linux; this is ${process.platform}`
  try {
    for (const program of Object.values(PAGE_PROGRAMS)) findProgram(program, process.env['PATH'])
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
