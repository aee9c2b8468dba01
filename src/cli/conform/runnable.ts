import { access, constants, stat } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { badUsage } from '../failure.js'

/**
 * Looks for a program before all cases fail for want of it. Windows finds programs by rules of its own.
 * @param searchPath the variable PATH.
 * @throws CommandLineError for a program that is not there, or that cannot be run.
 */
export async function requireRunnable(
  file: string,
  searchPath: string = '',
  platform: NodeJS.Platform = process.platform,
): Promise<void> {
  if (platform === 'win32') return
  const places = file.includes('/') ? [file] : searchPath.split(delimiter).map(folder => join(folder, file))
  const there = await Promise.all(places.map(isFile))
  const runnable = await Promise.all(places.map(isRunnable))
  if (there.some((is, at) => is && runnable[at])) return
  if (there.includes(true))
    throw badUsage(`${file} cannot be run: make it executable, or name what runs it before it`)
  const here = file.includes('/') ? '' : `; one in this folder is ./${file}`
  throw badUsage(`there is no program ${file}${here}`)
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    found => found.isFile(),
    () => false,
  )
}

async function isRunnable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
