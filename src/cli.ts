#!/usr/bin/env node
/**
 * The `fido-hybrid` command.
 * @module
 */
import { existsSync, mkdirSync } from 'node:fs'
import nodeModule from 'node:module'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

keepCompiled(nodeModule)
const { startCommand } = await import('./cli-program.js')
await startCommand(process)

/**
 * Has Node keep what it compiles for the next start, from Node 22.1 on. The folder belongs to the user: in Node’s own, under the folder
 * for temporary files, another user could put code. Where it cannot be made or written, the command starts as without it.
 */
function keepCompiled(modules: { enableCompileCache?(folder: string): unknown } & object): void {
  if (modules.enableCompileCache === undefined) return
  const { XDG_CACHE_HOME: xdg = '' } = process.env
  try {
    let folder = isAbsolute(xdg) ? xdg : join(homedir(), '.cache')
    for (const name of ['', 'fido-hybrid', 'compiled']) {
      folder = join(folder, name)
      // One by one: Node never ends to make a path where a file system denies that its parent is there.
      if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 })
    }
    modules.enableCompileCache(folder)
  } catch {
    // A user without a home has no cache.
  }
}
