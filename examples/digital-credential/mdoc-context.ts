// The certificate library needs the polyfill before it loads.
import 'reflect-metadata'
import { CoseKey } from '@owf/mdoc'
import type { MdocContext } from '@owf/mdoc'
import { X509Certificate } from '@peculiar/x509'
import { derOf, publicKeyOf, trusted } from './authority.js'
import { digest, isSigned, jwkOf, keyOf, randomBytes, sign } from './keys.js'

/** What `@owf/mdoc` needs: crypto and certificates. Cards here sign; nothing is authenticated by a MAC. */
export const mdocContext: MdocContext = {
  crypto: {
    random: randomBytes,
    digest: ({ digestAlgorithm, bytes }) => digest(digestAlgorithm, bytes),
    calculateEphemeralMacKey: noMac,
  },
  cose: {
    sign1: {
      sign: async ({ toBeSigned, key }) => sign(await keyOf(key.jwk), toBeSigned),
      verify: async ({ sign1, key }) => {
        return isSigned(await keyOf(key.jwk), sign1.signature, sign1.toBeSigned)
      },
    },
    mac0: { sign: noMac, verify: noMac },
  },
  x509: {
    getIssuerNameField: ({ certificate, field }) =>
      new X509Certificate(certificate).issuerName.getField(field),
    getPublicKey: async ({ certificate }) =>
      CoseKey.fromJwk({ ...(await jwkOf(await publicKeyOf(new X509Certificate(certificate)))) }),
    verifyCertificateChain: async ({ trustedCertificates, x5chain }) => {
      await trusted(
        x5chain,
        trustedCertificates.map(root => new X509Certificate(root)),
      )
    },
    getCertificateData: ({ certificate }) => certificateData(new X509Certificate(certificate)),
  },
}

function noMac(): never {
  throw new Error('no MAC is known here')
}

async function certificateData(
  certificate: X509Certificate,
): Promise<Awaited<ReturnType<MdocContext['x509']['getCertificateData']>>> {
  const { issuer, subject, serialNumber, notBefore, notAfter } = certificate
  const thumbprint = Buffer.from(await digest('SHA-256', derOf(certificate))).toString('hex')
  const pem = certificate.toString('pem')
  return { issuerName: issuer, subjectName: subject, serialNumber, thumbprint, notBefore, notAfter, pem }
}
