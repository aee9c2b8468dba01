import { writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { serveTunnel } from '../../src/service.js'
import { makeCertificate } from '../support/certificate.js'
import { advertLine, CREATION_OPTIONS, someQrUrl } from '../support/ceremony-inputs.js'
import { expectFailure, useCli } from '../support/cli.js'
import type { CliProcess } from '../support/cli.js'
import { httpAnswer, rawServer } from '../support/raw-server.js'
import type { RawServer } from '../support/raw-server.js'
import { useFolderPerTest } from '../support/test-folder.js'

const folder = useFolderPerTest()
const start = useCli()

const closers: (() => Promise<void>)[] = []
beforeEach(() => writeFile(folder.at('options.json'), JSON.stringify(CREATION_OPTIONS)))
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A laptop that has heard its phone, and so dials. */
async function dialingClient(...args: readonly string[]): Promise<CliProcess> {
  const request = ['--options', folder.at('options.json'), '--origin', 'https://login.example.com']
  const client = start('client', 'register', ...request, '--scan', 'stdin', ...args)
  client.stdin.write(advertLine(String((await client.event('qr'))['url'])))
  return client
}

/** A phone dials as soon as it has read the QR code. */
function dialingPhone(...args: readonly string[]): Promise<CliProcess> {
  const store = ['--store', folder.at('passkeys.json'), '--consent', 'always']
  return Promise.resolve(start('phone', 'scan', someQrUrl(), '--advertise', 'stdout', ...store, ...args))
}

async function serveRaw(answer: string): Promise<RawServer> {
  const server = await rawServer(() => answer)
  closers.push(() => server.close())
  return server
}

describe.each([
  ['client', dialingClient],
  ['phone', dialingPhone],
] as const)('%s', (_role, dial) => {
  test.each([
    [404, { code: 'tunnel-refused', status: 404, fault: 'environment' }],
    [410, { code: 'tunnel-gone', status: 410, fault: 'environment' }],
    [500, { code: 'tunnel-refused', status: 500, fault: 'environment' }],
  ])('a tunnel service that answers %i', async (status, error) => {
    const { port } = await serveRaw(httpAnswer(status))
    const child = await dial('--tunnel-url', `ws://127.0.0.1:${port}`)
    expect(await expectFailure(child)).toMatchObject(error)
  })

  test('a tunnel service that answers nothing', async () => {
    const { port } = await serveRaw('')
    const child = await dial('--tunnel-url', `ws://127.0.0.1:${port}`, '--timeout', '0.5')
    expect(await expectFailure(child)).toMatchObject({ code: 'tunnel-timeout', stage: 'tunnel' })
  })

  test('a tunnel service that is not there', async () => {
    const { port } = await serveRaw('')
    await closers.pop()?.()
    const child = await dial('--tunnel-url', `ws://127.0.0.1:${port}`)
    expect(await expectFailure(child)).toMatchObject({ code: 'tunnel-unreachable' })
  })

  test('a tunnel service of another CA, unless any certificate will do', async () => {
    const [tls, other] = await Promise.all([makeCertificate(), makeCertificate()])
    const service = await serveTunnel({ port: 0, tls })
    closers.push(() => service.close())
    await writeFile(folder.at('ca.pem'), other.ca)
    const strict = await dial('--tunnel-url', service.url, '--tls-ca', folder.at('ca.pem'))
    expect(await expectFailure(strict)).toMatchObject({ code: 'tunnel-untrusted', fault: 'environment' })
    const lax = await dial('--tunnel-url', service.url, '--tls-insecure', '--timeout', '5')
    if (_role === 'phone') await lax.event('advertising')
    // Nobody opened the tunnel that the advert leads to.
    else expect(await expectFailure(lax)).toMatchObject({ code: 'tunnel-refused', status: 404 })
  })
})
