#!/usr/bin/env node
/**
 * The `fido-hybrid` command.
 * @module
 */
import nodeModule from 'node:module'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

keepCompiled(nodeModule)
const { startCommand } = await import('./cli-program.js')
await startCommand(process)

/**
 * Has Node keep what it compiles for the next start, from Node 22.1 on. The folder belongs to the user: in Node’s own, under the folder
 * for temporary files, another user could put code. Where it cannot be written, the command starts as without it.
 */
function keepCompiled(modules: { enableCompileCache?(folder: string): unknown } & object): void {
  const { XDG_CACHE_HOME: xdg = '' } = process.env
  try {
    modules.enableCompileCache?.(
      join(isAbsolute(xdg) ? xdg : join(homedir(), '.cache'), 'fido-hybrid', 'compiled'),
    )
  } catch {
    // A user without a home has no cache.
  }
}
