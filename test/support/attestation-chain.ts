// The certificate library needs the polyfill before it loads.
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import type { Attestation } from '../../src/virtual.js'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const ID_FIDO_GEN_CE_AAGUID = '1.3.6.1.4.1.45724.1.1.4'
const DAY_MS = 24 * 3_600_000
const VALID = { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + DAY_MS) }

/** An attestation certificate of WebAuthn L3 section 8.2.1, and who vouches for it. */
export interface AttestationChain {
  readonly attestation: Attestation
  /** PEM. */
  readonly root: string
}

/** Makes a root and a certificate for phones of this AAGUID. */
export async function makeAttestationChain(aaguid: Uint8Array): Promise<AttestationChain> {
  const [rootKeys, keys] = await Promise.all([makeKeys(), makeKeys()])
  const root = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=Attestation Root, O=Example, C=SE',
    keys: rootKeys,
    signingAlgorithm: ALGORITHM,
    ...VALID,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
    ],
  })
  const certificate = await X509CertificateGenerator.create({
    subject: 'CN=Phone, OU=Authenticator Attestation, O=Example, C=SE',
    issuer: root.subject,
    publicKey: keys.publicKey,
    signingKey: rootKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    ...VALID,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new Extension(ID_FIDO_GEN_CE_AAGUID, false, Uint8Array.of(0x04, aaguid.length, ...aaguid)),
    ],
  })
  const { d = '' } = await webcrypto.subtle.exportKey('jwk', keys.privateKey)
  return {
    root: root.toString('pem'),
    attestation: {
      format: 'packed',
      certificates: [new Uint8Array(certificate.rawData)],
      privateKey: Uint8Array.from(Buffer.from(d, 'base64url')),
    },
  }
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
}
