/** What a second of `epochSeconds` is in the milliseconds of `now`. */
export const SECOND_MS = 1000

/** Time that only goes forward, and alarms: each call sets one. */
export interface Clock {
  /** Milliseconds since some fixed moment; monotonic. */
  now(): number
  /** Wall-clock seconds since 1970, for QR key 3 only. */
  epochSeconds(): number
  /** Runs `alarm` once at or after `at` (in `now` milliseconds); the result cancels it. Keeps a process alive: a deadline is something to wait for. */
  setAlarm(at: number, alarm: () => void): () => void
}

/** The platform’s CSPRNG. */
export interface Random {
  /** Fresh random bytes. */
  bytes(length: number): Uint8Array
}
