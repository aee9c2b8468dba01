import { execFileSync } from 'node:child_process'
import { findProgram, PAGE_PROGRAMS } from '../../src/testing/page-programs.js'

/** Of the browser that is tested, such as `156.0.7000.1`. */
export function chromiumVersion(): string {
  const browser = findProgram(PAGE_PROGRAMS.browser, process.env['PATH'])
  return /[\d.]+/.exec(execFileSync(browser, ['--version'], { encoding: 'utf8' }))?.[0] ?? ''
}
