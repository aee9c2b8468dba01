import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Makes an archive that the guest’s kernel unpacks, of all that a folder has. @returns where the archive is. */
export async function makeArchive(folder: string, archive: string): Promise<string> {
  const command = `find . -mindepth 1 | cpio -o -H newc --quiet -R 0:0 >'${archive}'`
  await promisify(execFile)('sh', ['-c', command], { cwd: folder })
  return archive
}
