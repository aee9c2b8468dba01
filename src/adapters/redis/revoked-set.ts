import type { Redis } from 'ioredis'
import type { ContactTag } from '../../bytes/contact-tag.js'
import { DAY_MS, KEPT_DAYS, MAX_KEPT } from '../directory/kept-list.js'

const KEY = 'fh:revoked'
const READ_AT_ONCE = 10_000

/** Reads all revoked contacts, and forgets those that are too old. @param tell is told part after part. */
export async function readRevoked(redis: Redis, tell: (contacts: readonly string[]) => void): Promise<void> {
  await redis.zremrangebyscore(KEY, '-inf', Date.now() - KEPT_DAYS * DAY_MS)
  for (let start = 0; start < MAX_KEPT; start += READ_AT_ONCE) {
    const part = await redis.zrange(KEY, start, start + READ_AT_ONCE - 1)
    if (part.length > 0) tell(part)
    if (part.length < READ_AT_ONCE) return
  }
}

/** Those that do not fit are left out. @returns whether all fit. */
export async function keepRevoked(redis: Redis, contacts: readonly ContactTag[]): Promise<boolean> {
  const room = Math.max(0, MAX_KEPT - (await redis.zcard(KEY)))
  const scored = contacts.slice(0, room).flatMap(contact => [Date.now(), contact])
  if (scored.length > 0) await redis.zadd(KEY, 'NX', ...scored)
  return contacts.length <= room
}
