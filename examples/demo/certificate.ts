// The certificate library needs the polyfill before it loads.
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** What a TLS server needs, and what its clients have to trust; all PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
  readonly ca: string
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const YEAR_MS = 365 * 24 * 3_600_000

/** Whom a certificate is for. */
export interface CertificateNames {
  readonly dns: readonly string[]
  readonly ips: readonly string[]
}

const LOOPBACK: CertificateNames = { dns: ['localhost'], ips: ['127.0.0.1', '::1'] }

/** Makes a fresh CA and a certificate of it, by default for this machine. */
export async function makeCertificate(names: CertificateNames = LOOPBACK): Promise<Certificate> {
  const [caKeys, keys] = await Promise.all([makeKeys(), makeKeys()])
  const notBefore = new Date(Date.now() - YEAR_MS)
  const notAfter = new Date(Date.now() + YEAR_MS)
  const ca = await X509CertificateGenerator.createSelfSigned({
    name: `CN=Demo CA ${webcrypto.randomUUID()}`,
    keys: caKeys,
    signingAlgorithm: ALGORITHM,
    notBefore,
    notAfter,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  })
  const certificate = await X509CertificateGenerator.create({
    subject: 'CN=Demo service',
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    notBefore,
    notAfter,
    extensions: [
      new SubjectAlternativeNameExtension([
        ...names.dns.map(value => ({ type: 'dns' as const, value })),
        ...names.ips.map(value => ({ type: 'ip' as const, value })),
      ]),
    ],
  })
  const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY')
  return { cert: certificate.toString('pem'), key, ca: ca.toString('pem') }
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
}
