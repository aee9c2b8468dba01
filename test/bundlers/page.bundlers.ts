import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { createContext, runInContext } from 'node:vm'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { airAdvertiser } from '../../src/adapters/air/air-client.js'
import { serveAirHub } from '../../src/adapters/air/air-hub.js'
import { HybridAuthenticator } from '../../src/index.js'
import type { RegistrationResponseJSON } from '../../src/index.js'
import { nodePlatform } from '../../src/node.js'
import { serveTunnel } from '../../src/service.js'
import { createRelyingParty } from '../../src/testing.js'
import { alwaysApprove, MemoryCredentialStore, VirtualAuthenticator } from '../../src/virtual.js'
import { MISSING, Project } from './project.js'

let project: Project | undefined

beforeAll(async () => {
  if (MISSING === undefined) project = await Project.create()
}, 60_000)

afterAll(() => project?.remove())

/** What a service worker has, and nothing of Node. Byte types are those of the sockets, which tell them by their class. */
function workerGlobals(): object {
  const { crypto, performance, URL, TextEncoder, TextDecoder, AbortController, AbortSignal, DOMException } =
    globalThis
  const { setTimeout, clearTimeout, queueMicrotask, btoa, atob, Response, ArrayBuffer, Uint8Array } =
    globalThis
  const apis = {
    crypto,
    performance,
    URL,
    TextEncoder,
    TextDecoder,
    AbortController,
    AbortSignal,
    DOMException,
  }
  return {
    ...apis,
    setTimeout,
    clearTimeout,
    queueMicrotask,
    btoa,
    atob,
    Response,
    ArrayBuffer,
    Uint8Array,
    WebSocket,
  }
}

type Register = (
  options: unknown,
  surroundings: object,
  show: (url: string, svg: string) => void,
) => Promise<unknown>

for (const bundler of ['esbuild', 'rollup', 'vite', 'webpack']) {
  test(`a classic script that ${bundler} made registers where there is nothing of Node`, async context => {
    if (project === undefined) {
      context.skip(MISSING)
      return
    }
    const code = await readFile(await project.bundle(bundler, 'page', 'page.js'), 'utf8')
    expect(code).not.toMatch(/\brequire\(|['"`]node:|import\.meta/)
    process.stdout.write(`${bundler} page: ${Math.round(gzipSync(code).length / 1000)} kB gzipped\n`)

    const [service, hub] = await Promise.all([serveTunnel({ port: 0 }), serveAirHub({ port: 0 })])
    onTestFinished(async () => {
      await Promise.all([service.close(), hub.close()])
    })
    const platform = nodePlatform({ advertiser: airAdvertiser(hub.url) })
    const handler = new VirtualAuthenticator({
      store: new MemoryCredentialStore(),
      consent: alwaysApprove(),
      random: platform.random,
    })
    const phone = new HybridAuthenticator({ ...platform, handler, tunnelUrl: service.url })
    const rp = await createRelyingParty({ origin: 'https://login.example.com', rpId: 'example.com' })
    const realm = createContext(workerGlobals())
    const register = runInContext(`globalThis.self = globalThis; ${code}; register`, realm) as Register
    const scans: Promise<unknown>[] = []
    const surroundings = { origin: rp.origin, tunnelUrl: service.url, airUrl: hub.url }
    const response = await register(await rp.creationOptions(), surroundings, (url, svg) => {
      expect(svg).toContain('<svg')
      scans.push(phone.scan(url, { source: 'camera' }))
    })
    await rp.register(response as RegistrationResponseJSON)
    await Promise.all(scans)
  })
}
