/** 2020-01-01T00:00:00Z, before there was any such code. */
const EARLIEST_SECONDS = 1_577_836_800
/** So far may the laptop’s clock be ahead. */
const MAX_AHEAD_SECONDS = 300

/**
 * How old a QR code is by its key 3 (protocol.md 3.2), which a client may fill as it likes.
 * @param time seconds since 1970, as the code has it; so is `now`.
 * @returns seconds, 0 where the laptop’s clock is a little ahead; undefined when either time is not plausible: before 2020, or
 * the code from more than 5 minutes ahead.
 */
export function qrAgeSeconds(time: number | undefined, now: number): number | undefined {
  if (time === undefined || time < EARLIEST_SECONDS || now < EARLIEST_SECONDS) return undefined
  if (time > now + MAX_AHEAD_SECONDS) return undefined
  return Math.max(0, now - time)
}
