// The certificate library needs the polyfill before it loads.
import 'reflect-metadata'
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { makeKeys } from './keys.js'
import type { Key, KeyPair } from './keys.js'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const YEAR_MS = 365 * 24 * 3_600_000

/** A certificate and its keys: an issuer of credentials, or a verifier that signs what it asks. */
export interface Signatory {
  readonly keys: KeyPair
  readonly certificate: X509Certificate
}

/** Vouches for issuers, or for verifiers. */
export interface Authority {
  readonly root: X509Certificate
  /** @param domain that the certificate is for. */
  certify(name: string, domain: string): Promise<Signatory>
}

/** Makes an authority for this run of the example; in earnest a list of trusted ones is published. */
export async function makeAuthority(name: string): Promise<Authority> {
  const keys = await makeKeys()
  const root = await X509CertificateGenerator.createSelfSigned({
    name: subject(name),
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity(),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
    ],
  })
  return { root, certify: (whom, domain) => certify({ keys, certificate: root }, whom, domain) }
}

async function certify(by: Signatory, name: string, domain: string): Promise<Signatory> {
  const keys = await makeKeys()
  const certificate = await X509CertificateGenerator.create({
    subject: subject(name),
    issuer: by.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: by.keys.privateKey,
    signingAlgorithm: ALGORITHM,
    ...validity(),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new SubjectAlternativeNameExtension([{ type: 'dns', value: domain }]),
    ],
  })
  return { keys, certificate }
}

// An mdoc’s issuer has to name its country (ISO 18013-5 Annex B).
const subject = (name: string): string => `CN=${name}, C=SE`

function validity(): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - YEAR_MS), notAfter: new Date(Date.now() + YEAR_MS) }
}

/** The bytes of a certificate. */
export function derOf({ rawData }: X509Certificate): Uint8Array {
  return new Uint8Array(rawData)
}

/**
 * The certificate in front of a chain, if one of `roots` has signed it and it is valid now; authorities in between are not looked for.
 * @param chain DER, or that in base64.
 * @throws Error for any other.
 */
export async function trusted(
  chain: readonly (Uint8Array | string)[],
  roots: readonly X509Certificate[],
): Promise<X509Certificate> {
  const [first] = chain
  if (first === undefined) throw new Error('there is no certificate')
  const certificate = new X509Certificate(typeof first === 'string' ? Buffer.from(first, 'base64') : first)
  for (const root of roots)
    if (root.subject === certificate.issuer && (await certificate.verify({ publicKey: root.publicKey })))
      return certificate
  throw new Error(`nobody who is trusted vouches for ${certificate.subject}`)
}

export function publicKeyOf(certificate: X509Certificate): Promise<Key> {
  return certificate.publicKey.export()
}
