import { fileURLToPath } from 'node:url'
import { beforeAll, expect } from 'vitest'
import { makeCertificate } from '../support/certificate.js'
import { bundleProgram, testEachEngine } from './engines.js'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

let ceremonies: string
let postQuantum: string
let network: string
let env: NodeJS.ProcessEnv
beforeAll(async () => {
  ceremonies = await bundleProgram('ceremonies', { entryPoints: [at('ceremonies.ts')] })
  postQuantum = await bundleProgram('post-quantum', { entryPoints: [at('post-quantum.ts')] })
  network = await bundleProgram('network', { entryPoints: [at('network.ts')] })
  const [tls, other] = await Promise.all([makeCertificate(), makeCertificate()])
  env = { RUNTIMES_TLS: JSON.stringify(tls), RUNTIMES_OTHER_CA: other.ca }
})

testEachEngine('registers, signs in and refuses with both providers', async engine => {
  const done = 'registered, signed in, refused'
  expect(await engine.run(ceremonies)).toBe(`node:crypto: ${done}\nnoble: ${done}\n`)
})

testEachEngine('makes post-quantum passkeys where it has ML-DSA', async engine => {
  expect(await engine.run(postQuantum)).toMatch(/^(?:signs with ML-DSA(?:, and verifies)?|no ML-DSA here)\n$/)
})

testEachEngine('registers over WebSockets, with TLS that it verifies', async engine => {
  expect(await engine.run(network, [], env)).toBe(
    'registered over ws: and wss:\nrefused a stranger’s certificate\n',
  )
})
