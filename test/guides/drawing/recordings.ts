import { readFileSync } from 'node:fs'

/** Bytes as recordings write them. */
export interface Hex {
  readonly hex: string
}

/** What a session was told, or said. */
export interface Said {
  readonly type: string
  readonly bytes?: Hex
  readonly message?: Hex
  readonly serviceData?: Hex
  readonly request?: { readonly url: string }
  readonly headers?: readonly (readonly [string, readonly string[]])[]
  readonly link?: Readonly<Record<string, Hex | string | number>>
}

/** One step of a session: what came in, and all that went out. */
export interface Step {
  readonly type: 'step'
  readonly session: number
  readonly now: number
  readonly input: Said
  readonly outputs: readonly Said[]
}

interface Session {
  readonly type: 'session'
  readonly role: 'client' | 'authenticator'
  readonly kind: 'qr-initiated' | 'state-assisted'
  readonly parts: Readonly<Record<string, unknown>>
}

/** A recording of both sides, by session from 1. */
export interface Recording {
  readonly sessions: readonly Session[]
  readonly steps: readonly Step[]
}

/** Reads `fixtures/sessions/<name>.jsonl`. */
export function recording(name: string): Recording {
  const path = new URL(`../../../fixtures/sessions/${name}.jsonl`, import.meta.url)
  const records = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Session | Step | { readonly type: 'recording' })
  return {
    sessions: records.filter(record => record.type === 'session'),
    steps: records.filter(record => record.type === 'step'),
  }
}

export function sizeOf(bytes: Hex | undefined): number {
  return (bytes?.hex.length ?? 0) / 2
}
