/** 2020-01-01T00:00:00Z: no code was made before. */
const EARLIEST_SECONDS = 1_577_836_800
/** How far the laptop’s clock may be ahead. */
const MAX_AHEAD_SECONDS = 300

/**
 * How old a QR code is by its key 3 (protocol.md 3.2). Nothing proves that time: the client chooses it.
 * @param time seconds since 1970, as the code has it; so is `now`.
 * @returns seconds; 0 when the code’s time is up to 5 minutes ahead. undefined when it is further ahead, or when either time
 * is before
 * 2020.
 */
export function qrAgeSeconds(time: number | undefined, now: number): number | undefined {
  if (time === undefined || time < EARLIEST_SECONDS || now < EARLIEST_SECONDS) return undefined
  if (time > now + MAX_AHEAD_SECONDS) return undefined
  return Math.max(0, now - time)
}
