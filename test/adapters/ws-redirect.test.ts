import { beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../support/certificate.js'
import type { TestCertificate } from '../support/certificate.js'
import { at, dial, failure, leaveNothing, PATH, serve } from '../support/dialling.js'
import { httpAnswer, upgradeAnswer } from '../support/raw-server.js'

let certificate: TestCertificate
let stranger: TestCertificate

beforeAll(async () => {
  ;[certificate, stranger] = await Promise.all([makeCertificate(), makeCertificate()])
})

leaveNothing()

describe('redirects', () => {
  const redirect = (location: string, status = 307): string => httpAnswer(status, [`Location: ${location}`])

  it.each([301, 302, 303, 307, 308])(
    'of status %d are followed with sub-protocol and headers',
    async status => {
      const target = await serve(request => upgradeAnswer(request))
      const server = await serve(() => redirect(`http://127.0.0.1:${target.port}/there`, status))
      const { probe } = dial(at(server), {}, { 'X-caBLE-Client-Payload': 'A1' })
      expect((await probe.next()).type).toBe('open')
      expect(target.requests[0]).toMatchObject({
        line: 'GET /there HTTP/1.1',
        headers: { 'sec-websocket-protocol': 'fido.cable', 'x-cable-client-payload': 'A1' },
      })
    },
  )

  it('may be relative, and number five', async () => {
    const server = await serve(request => {
      const hop = Number(/^GET \/cable\/new\/(\d) /.exec(request.line)?.[1] ?? 0)
      return hop === 5 ? upgradeAnswer(request) : redirect(`/cable/new/${hop + 1}`)
    })
    expect((await dial(at(server)).probe.next()).type).toBe('open')
    expect(server.requests).toHaveLength(6)
  })

  it('that go in a circle end after five', async () => {
    const server = await serve(() => redirect(PATH))
    expect(await failure(at(server))).toMatchObject({ code: 'tunnel-redirected' })
    expect(server.requests).toHaveLength(6)
  })

  it('go from TLS to TLS', async () => {
    const target = await serve(request => upgradeAnswer(request), certificate)
    const server = await serve(() => redirect(`https://localhost:${target.port}/there`), certificate)
    const { probe } = dial(at(server, 'wss'), { ca: certificate.ca })
    expect((await probe.next()).type).toBe('open')
    expect(target.requests[0]?.headers['origin']).toBe(`wss://localhost:${target.port}`)
  })

  it.each(['ws', 'http'])('never go from TLS to %s, even on loopback', async scheme => {
    const target = await serve(request => upgradeAnswer(request))
    const server = await serve(() => redirect(at(target, scheme)), certificate)
    expect(await failure(at(server, 'wss'), { ca: certificate.ca })).toMatchObject({
      code: 'tunnel-insecure',
    })
    expect(target.requests).toEqual([])
  })

  it.each(['ws://example.com/', 'http://example.com/', 'ftp://127.0.0.1/', 'file:///etc/passwd', 'data:,'])(
    'never go to %s',
    async location => {
      const server = await serve(() => redirect(location))
      expect(await failure(at(server))).toMatchObject({ code: 'tunnel-insecure' })
    },
  )

  it.each<[string, string]>([
    ['without Location', httpAnswer(302)],
    ['to what is no URL', redirect('http://')],
    ['of another status', redirect('/', 304)],
  ])('%s are refusals', async (_name, answer) => {
    const server = await serve(() => answer)
    expect(await failure(at(server))).toMatchObject({ code: 'tunnel-refused' })
  })

  it('to a service that is not trusted fail there', async () => {
    const target = await serve(request => upgradeAnswer(request), stranger)
    const server = await serve(() => redirect(at(target, 'wss')), certificate)
    expect(await failure(at(server, 'wss'), { ca: certificate.ca })).toMatchObject({
      code: 'tunnel-untrusted',
    })
  })
})
