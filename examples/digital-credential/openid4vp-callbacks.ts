// The certificate library needs the polyfill before it loads.
import 'reflect-metadata'
import { HashAlgorithm } from '@openid4vc/oauth2'
import type { CallbackContext, JwtSigner } from '@openid4vc/oauth2'
import { X509Certificate, SubjectAlternativeNameExtension } from '@peculiar/x509'
import { CompactEncrypt, compactDecrypt, compactVerify, importJWK, SignJWT } from 'jose'
import { publicKeyOf, trusted } from './authority.js'
import type { Signatory } from './authority.js'
import { digest, jwkOf } from './keys.js'
import type { Key } from './keys.js'

const HASHES: Readonly<Record<HashAlgorithm, string>> = {
  [HashAlgorithm.Sha256]: 'SHA-256',
  [HashAlgorithm.Sha384]: 'SHA-384',
  [HashAlgorithm.Sha512]: 'SHA-512',
}

/** The crypto of a wallet that trusts verifiers for whom one of `roots` vouches. */
export function walletCallbacks(
  roots: readonly X509Certificate[],
): Pick<
  CallbackContext,
  'hash' | 'verifyJwt' | 'decryptJwe' | 'encryptJwe' | 'signJwt' | 'getX509CertificateMetadata' | 'fetch'
> {
  return {
    hash: (data, algorithm) => digest(HASHES[algorithm], data),
    verifyJwt: async (signer, { compact }) => {
      const key = await publicKeyOf(await trusted(chainOf(signer), roots))
      return compactVerify(compact, key, { algorithms: ['ES256'] }).then(
        async () => ({ verified: true, signerJwk: { ...(await jwkOf(key)) } }) as const,
        () => ({ verified: false }) as const,
      )
    },
    encryptJwe: async ({ publicJwk, alg, enc, apu, apv }, data) => {
      const jwe = await new CompactEncrypt(Buffer.from(data))
        .setProtectedHeader({ alg, enc, ...(publicJwk.kid !== undefined && { kid: publicJwk.kid }) })
        .setKeyManagementParameters({ ...bytesIn('apu', apu), ...bytesIn('apv', apv) })
        .encrypt(await importJWK({ ...publicJwk, alg } as Parameters<typeof importJWK>[0]))
      return { jwe, encryptionJwk: publicJwk }
    },
    getX509CertificateMetadata: certificate => ({ sanDnsNames: domainsOf(certificate), sanUriNames: [] }),
    decryptJwe: () => ({ decrypted: false }),
    signJwt: () => Promise.reject(new Error('the wallet signs no answer')),
    fetch: () => Promise.reject(new Error('the wallet fetches nothing')),
  }
}

const bytesIn = (name: string, text: string | undefined): Record<string, Uint8Array> =>
  text === undefined ? {} : { [name]: Buffer.from(text, 'base64url') }

function chainOf(signer: JwtSigner): readonly string[] {
  if (signer.method === 'x5c') return signer.x5c
  throw new Error('the request is not signed by a certificate')
}

function domainsOf(certificate: string): string[] {
  const names = new X509Certificate(Buffer.from(certificate, 'base64')).getExtension(
    SubjectAlternativeNameExtension,
  )
  return (names?.names.items ?? []).filter(({ type }) => type === 'dns').map(({ value }) => value)
}

/** The crypto of a verifier. @param decryptionKey of one request. */
export function verifierCallbacks(
  { keys }: Signatory,
  decryptionKey: Key,
): Pick<CallbackContext, 'hash' | 'signJwt' | 'encryptJwe' | 'decryptJwe' | 'verifyJwt'> {
  return {
    hash: (data, algorithm) => digest(HASHES[algorithm], data),
    signJwt: async (_, { header, payload }) => ({
      jwt: await new SignJWT({ ...payload } as Record<string, unknown>)
        .setProtectedHeader({ ...header, alg: 'ES256' } as Parameters<SignJWT['setProtectedHeader']>[0])
        .sign(keys.privateKey),
      signerJwk: { ...(await jwkOf(keys.publicKey)) },
    }),
    decryptJwe: async jwe => {
      const { plaintext } = await compactDecrypt(jwe, decryptionKey)
      const decryptionJwk = { ...(await jwkOf(decryptionKey)) }
      return { decrypted: true, decryptionJwk, payload: Buffer.from(plaintext).toString() }
    },
    encryptJwe: () => Promise.reject(new Error('the verifier encrypts no request')),
    verifyJwt: () => ({ verified: false }),
  }
}
