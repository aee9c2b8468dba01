import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { createContext, runInContext } from 'node:vm'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { extensionWorker, NO_BROWSER } from './extension.js'
import { aroundPage } from './page-ceremony.js'
import { MISSING, Project } from './project.js'

let project: Project | undefined

beforeAll(async () => {
  if (MISSING === undefined) project = await Project.create()
  if (NO_BROWSER !== undefined) process.stderr.write(`${NO_BROWSER}\n`)
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

describe.each(['esbuild', 'rollup', 'vite', 'webpack'])('a classic script that %s made', bundler => {
  let script: string | undefined

  beforeAll(async () => {
    script = await project?.bundle(bundler, 'page', 'page.js')
  }, 60_000)

  test('registers where there is nothing of Node', async context => {
    if (script === undefined) context.skip(MISSING)
    else await registerInRealm(await readFile(script, 'utf8'), bundler)
  })

  test('registers as the service worker of an extension, in a real browser', async context => {
    const reason = MISSING ?? NO_BROWSER
    if (script === undefined || reason !== undefined) context.skip(reason)
    else await registerInExtension(script)
  })
})

async function registerInRealm(code: string, bundler: string): Promise<void> {
  expect(code).not.toMatch(/\brequire\(|['"`]node:|import\.meta/)
  process.stdout.write(`${bundler} page: ${Math.round(gzipSync(code).length / 1000)} kB gzipped\n`)
  const realm = createContext(workerGlobals())
  const register = runInContext(`globalThis.self = globalThis; ${code}; register`, realm) as Register
  const { request, scan, verify } = await aroundPage('https://login.example.com')
  const response = await register(request.options, request.surroundings, (url, svg) => {
    expect(svg).toContain('<svg')
    scan(url)
  })
  await verify(response)
}

/** By the extension’s own origin, for which it vouches itself. */
async function registerInExtension(script: string): Promise<void> {
  const worker = await extensionWorker(script)
  const origin = await worker.evaluate<string>('self.origin')
  expect(origin).toMatch(/^chrome-extension:/)
  const { request, scan, verify } = await aroundPage(origin, true)
  const url = await worker.evaluate<string>(`new Promise((resolve, reject) => {
    self.registered = register(${JSON.stringify(request.options)}, ${JSON.stringify(request.surroundings)}, resolve)
    self.registered.catch(reject)
  })`)
  scan(url)
  await verify(await worker.evaluate('self.registered'))
}
