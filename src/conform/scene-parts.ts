import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveAirHub } from '../adapters/air/air-hub.js'
import { serveTunnel } from '../service/tunnel-server.js'
import { rawServer } from '../testing/misbehaving/raw-server.js'
import type { DrivenCommand } from './driven-command.js'
import type { Scene } from './scene.js'

/** A command that is about to end may still write into its folder. */
const REMOVAL = { recursive: true, force: true, maxRetries: 20, retryDelay: 20 }

/** A tunnel service for one case. @returns its URL. */
export async function serviceFor(scene: Scene): Promise<string> {
  const service = await serveTunnel({ port: 0 })
  scene.defer(() => service.close())
  return service.url
}

/** Watches a command that is to do nothing. @param met settles once there is something to watch; at once unless given. */
export async function watch(
  scene: Scene,
  command: DrivenCommand,
  met: Promise<unknown> = Promise.resolve(),
): Promise<void> {
  await scene.wait(scene.setting.timeoutMs, met, command.gone)
  await scene.wait(scene.setting.patienceMs, command.gone)
}

/** An air hub for one case. @returns its URL. */
export async function airHubFor(scene: Scene): Promise<string> {
  const hub = await serveAirHub({ port: 0 })
  scene.defer(() => hub.close())
  return hub.url
}

/** A tunnel service that is not to be asked for anything. */
export interface UnaskedService {
  readonly url: string
  /** How often it was connected to by now. */
  readonly connections: number
}

/** A place for one case where a tunnel service would be, and that hangs up. */
export async function unaskedServiceFor(scene: Scene): Promise<UnaskedService> {
  let connections = 0
  const server = await rawServer(
    () => '',
    undefined,
    socket => {
      connections += 1
      scene.timeline.note('runner', 'the tunnel service is connected to')
      socket.destroy()
    },
  )
  scene.defer(() => server.close())
  return {
    url: `ws://127.0.0.1:${server.port}`,
    get connections() {
      return connections
    },
  }
}

/** An empty folder for one case, which the command may write into. */
export async function folderFor(scene: Scene): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fido-hybrid-conform-'))
  scene.defer(() => rm(folder, REMOVAL))
  return folder
}
