import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { UnsupportedError } from '../errors.js'

/** A program that tests of the browser’s own dialog start. */
export interface PageProgram {
  /** What it may be called; the first is Debian’s name. */
  readonly commands: readonly [string, ...string[]]
  readonly debianPackage: string
  readonly purpose: string
}

/** What such tests need of the system. */
export const PAGE_PROGRAMS: Readonly<Record<'browser' | 'screen' | 'bus', PageProgram>> = {
  browser: {
    commands: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
    debianPackage: 'chromium',
    purpose: 'the browser whose dialog is tested',
  },
  screen: { commands: ['Xvfb'], debianPackage: 'xvfb', purpose: 'the screen that the dialog is shown on' },
  bus: { commands: ['dbus-daemon'], debianPackage: 'dbus', purpose: 'the bus between browser and Bluetooth' },
}

/** Where a program is. @throws UnsupportedError `package-missing`, with the Debian package that has it. */
export function findProgram(program: PageProgram, searchPath = ''): string {
  const folders = searchPath.split(delimiter).filter(folder => folder !== '')
  const places = program.commands.flatMap(name => folders.map(folder => join(folder, name)))
  const found = places.find(isProgram)
  if (found === undefined) throw missingProgram(program)
  return found
}

/** Names the Debian package. */
export function missingProgram({ commands, debianPackage, purpose }: PageProgram): UnsupportedError {
  return new UnsupportedError(
    'package-missing',
    `there is no ${commands[0]}, ${purpose}: install the Debian package ${debianPackage}`,
  )
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
