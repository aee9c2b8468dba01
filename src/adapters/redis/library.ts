import type { Redis } from 'ioredis'
import { UnsupportedError } from '../../errors.js'

export type RedisClass = typeof Redis

/** @throws UnsupportedError `package-missing`. */
export async function loadRedis(): Promise<RedisClass> {
  try {
    return (await import('ioredis')).Redis
  } catch (cause) {
    throw new UnsupportedError('package-missing', 'a directory on Redis needs the package ioredis', { cause })
  }
}
