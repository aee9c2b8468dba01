import { X509Certificate } from 'node:crypto'
import type { PeerCertificate } from 'node:tls'
import { expect, it } from 'vitest'
import { checkServerIdentity } from '../../src/adapters/sockets/server-identity.js'
import { makeCertificate } from '../support/certificate.js'

async function certificateFor(names: { dns: string[]; ips: string[] }): Promise<PeerCertificate> {
  const { cert } = await makeCertificate(names)
  return new X509Certificate(cert).toLegacyObject()
}

it.each([
  ['2001:db8::1', true],
  ['2001:DB8:0:0::1', true],
  ['::1', true],
  ['127.0.0.1', true],
  ['cable.example', true],
  ['2001:db8::2', false],
  ['::', false],
  ['fe80::1%lo', false],
  ['127.0.0.2', false],
  ['other.example', false],
])('a certificate is that of %s: %s', async (host, isIts) => {
  const certificate = await certificateFor({
    dns: ['cable.example'],
    ips: ['127.0.0.1', '2001:db8::1', '::1'],
  })
  const error = checkServerIdentity(host, certificate)
  expect(error).toEqual(isIts ? undefined : expect.objectContaining({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }))
})
