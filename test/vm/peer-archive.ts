import { execFile } from 'node:child_process'
import { copyFile, mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { compile } from '../peers/libwebauthn/program.js'
import { makeArchive } from './archive.js'

const run = promisify(execFile)

/** Makes FOLDER/peer.cpio: the laptop made of libwebauthn, as /app/laptop, and the libraries that it is linked with. */
export async function buildPeerArchive(folder: string): Promise<string> {
  const [content, program] = [join(folder, 'peer'), await compile()]
  await rm(content, { recursive: true, force: true })
  const put = async (source: string, target: string): Promise<void> => {
    await mkdir(dirname(join(content, target)), { recursive: true })
    await copyFile(source, join(content, target))
  }
  await put(program, '/app/laptop')
  for (const library of await librariesOf(program)) await put(library, library)
  return makeArchive(content, join(folder, 'peer.cpio'))
}

async function librariesOf(program: string): Promise<readonly string[]> {
  const { stdout } = await run('ldd', [program])
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path)
}
