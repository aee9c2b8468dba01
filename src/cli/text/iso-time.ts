/**
 * A time as ISO 8601 writes it; the number itself for one beyond what that can say.
 * @param unitMs what `time` counts since 1970, in ms.
 */
export function isoTime(time: number, unitMs: number): string {
  const date = new Date(time * unitMs)
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString()
}

/** The day of an ISO time. */
export function dayOf(time: string): string {
  const [day = ''] = time.split('T')
  return day
}
