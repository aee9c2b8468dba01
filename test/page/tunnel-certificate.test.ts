import { createHash, X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { derElement } from '../../src/bytes/der.js'
import { makeTunnelCertificate } from '../../src/page/dialog/tunnel-certificate.js'

test('the certificate is for the assigned domains and 127.0.0.1, and for nothing else', () => {
  const { cert, spkiHash } = makeTunnelCertificate()
  const certificate = new X509Certificate(cert)
  expect(certificate.verify(certificate.publicKey)).toBe(true)
  expect(certificate.subjectAltName).toBe('DNS:cable.ua5v.com, DNS:cable.auth.com, IP Address:127.0.0.1')
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' })
  expect(spkiHash).toBe(createHash('sha256').update(spki).digest('base64'))
})

test.each([
  [0, '0400'],
  [127, '047f'],
  [128, '048180'],
  [255, '0481ff'],
  [256, '04820100'],
])('an element of %i bytes begins with %s', (length, head) => {
  const element = derElement(0x04, new Uint8Array(length))
  expect(Buffer.from(element.subarray(0, element.length - length)).toString('hex')).toBe(head)
})
