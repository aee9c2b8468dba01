import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveTunnel } from '../service/tunnel-server.js'
import type { Scene } from './scene.js'

/** A command that is about to end may still write into its folder. */
const REMOVAL = { recursive: true, force: true, maxRetries: 20, retryDelay: 20 }

/** A tunnel service for one case. @returns its URL. */
export async function serviceFor(scene: Scene): Promise<string> {
  const service = await serveTunnel({ port: 0 })
  scene.defer(() => service.close())
  return service.url
}

/** An empty folder for one case, which the command may write into. */
export async function folderFor(scene: Scene): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fido-hybrid-conform-'))
  scene.defer(() => rm(folder, REMOVAL))
  return folder
}
