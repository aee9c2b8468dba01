import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import { digest, isSigned, keyOf, randomBytes, sign } from './keys.js'
import type { Key } from './keys.js'

const SALT_BYTES = 16
const bytes = (text: string): Uint8Array => Buffer.from(text)

type Config = NonNullable<ConstructorParameters<typeof SDJwtVcInstance>[0]>

/** The library with this crypto; `config` has the keys. */
function instance(config: Config): SDJwtVcInstance {
  return new SDJwtVcInstance({
    hashAlg: 'sha-256',
    hasher: data => digest('SHA-256', typeof data === 'string' ? bytes(data) : new Uint8Array(data)),
    saltGenerator: () => Buffer.from(randomBytes(SALT_BYTES)).toString('base64url'),
    ...config,
  })
}

const signer =
  (key: Key) =>
  async (data: string): Promise<string> =>
    Buffer.from(await sign(key, bytes(data))).toString('base64url')

const isBy = (key: Key, data: string, signature: string): Promise<boolean> =>
  isSigned(key, Buffer.from(signature, 'base64url'), bytes(data))

/** For an issuer. */
export function issuing(key: Key): SDJwtVcInstance {
  return instance({ signer: signer(key), signAlg: 'ES256' })
}

/** For a wallet, which proves that it holds the key of the card. */
export function presenting(key: Key): SDJwtVcInstance {
  return instance({ kbSigner: signer(key), kbSignAlg: 'ES256' })
}

/** For a verifier: the issuer’s key signs the card, and the key in the card (`cnf`) its presentation. */
export function verifying(issuer: Key): SDJwtVcInstance {
  return instance({
    verifier: (data, signature) => isBy(issuer, data, signature),
    kbVerifier: async (data, signature, { cnf }) => {
      if (cnf === undefined) throw new Error('the card names no key of its holder')
      return isBy(await keyOf(cnf.jwk), data, signature)
    },
  })
}

/** Every claim of a card, disclosed or not: its holder sees them all. */
export async function claimsIn(card: string): Promise<unknown> {
  return instance({}).getClaims(card)
}
