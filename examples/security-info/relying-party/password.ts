import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import type { ScryptOptions } from 'node:crypto'

/** One of OWASP’s choices of parameters for scrypt: 64 MiB of memory for each guess. */
const COST: ScryptOptions = { N: 2 ** 16, r: 8, p: 2, maxmem: 2 ** 27 }
const SALT_BYTES = 16
const HASH_BYTES = 32

/** Hashes a password for the database: salt and hash, base64url, with a dot between. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  return `${salt.toString('base64url')}.${(await derive(password, salt)).toString('base64url')}`
}

/** Takes as long for an account that does not exist: give it no hash then. */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [salt = '', hash = ''] = (stored ?? '').split('.')
  const derived = await derive(password, Buffer.from(salt, 'base64url'))
  const wanted = Buffer.from(hash, 'base64url')
  return wanted.length === derived.length && timingSafeEqual(wanted, derived)
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, COST, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}
