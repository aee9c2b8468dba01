import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findProgram, PAGE_PROGRAMS } from '../../testing/page-programs.js'
import { READY_FD, startChildProgram } from './child-program.js'
import type { ChildProgram } from './child-program.js'
import { Keyboard } from './keyboard.js'
import { decodeXwd } from './xwd.js'
import type { Picture } from './xwd.js'

const COOKIE_BYTES = 16
const COOKIE_NAME = 'MIT-MAGIC-COOKIE-1'
/** In an Xauthority file: for any address. */
const ANY_FAMILY = 0xffff

/** Width and height in pixels. */
export const SCREEN_SIZE = { width: 1000, height: 800 } as const

/** A virtual screen. */
export interface Screen {
  readonly keyboard: Keyboard
  /** Environment of the programs that are to be shown on it. */
  readonly env: Readonly<Record<'DISPLAY' | 'XAUTHORITY', string>>
  picture(): Promise<Picture>
  readonly kill: () => void
  readonly stop: () => Promise<void>
}

/**
 * Starts Xvfb with a display number of its own choice. It ends with the last program that is shown, and only programs with its cookie
 * are let in. @param folder where its picture and its cookie go. @throws UnsupportedError `package-missing`, `capability-missing`.
 */
export async function startScreen(folder: string): Promise<Screen> {
  const program = findProgram(PAGE_PROGRAMS.screen, process.env['PATH'])
  const [cookie, authority] = [randomBytes(COOKIE_BYTES), join(folder, 'Xauthority')]
  await writeFile(authority, authorityOf(cookie), { mode: 0o600 })
  const xvfb = await startChildProgram(program, xvfbArguments(folder, authority))
  return screenOf(xvfb, await Keyboard.connect(xvfb.said, cookie), { folder, authority })
}

function xvfbArguments(folder: string, authority: string): readonly string[] {
  const size = `${SCREEN_SIZE.width}x${SCREEN_SIZE.height}x24`
  const access = ['-nolisten', 'tcp', '-auth', authority, '-terminate']
  return ['-displayfd', String(READY_FD), '-screen', '0', size, '-fbdir', folder, ...access]
}

function screenOf(
  xvfb: ChildProgram,
  keyboard: Keyboard,
  { folder, authority }: { readonly folder: string; readonly authority: string },
): Screen {
  return {
    keyboard,
    env: { DISPLAY: `:${xvfb.said}`, XAUTHORITY: authority },
    picture: async () => decodeXwd(await readFile(join(folder, 'Xvfb_screen0'))),
    kill: () => xvfb.kill(),
    stop: () => {
      keyboard.close()
      return xvfb.stop()
    },
  }
}

/** The one entry of an Xauthority file: family, address, number, name, data; each with its length in front. */
function authorityOf(cookie: Buffer): Buffer {
  const fields = [Buffer.alloc(0), Buffer.alloc(0), Buffer.from(COOKIE_NAME), cookie]
  return Buffer.concat([u16(ANY_FAMILY), ...fields.flatMap(field => [u16(field.length), field])])
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}
