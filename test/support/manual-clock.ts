import type { Clock } from '../../src/ports/clock.js'

/** A clock that stands still until told. */
export interface ManualClock extends Clock {
  advance(ms: number): void
  /** How many alarms are set. */
  alarms(): number
  /** Milliseconds until the next alarm; Infinity without one. */
  next(): number
}

export function manualClock(): ManualClock {
  let now = 0
  const alarms = new Set<{ readonly at: number; readonly alarm: () => void }>()
  return {
    now: () => now,
    epochSeconds: () => 0,
    setAlarm(at, alarm) {
      const entry = { at, alarm }
      alarms.add(entry)
      return () => alarms.delete(entry)
    },
    advance(ms) {
      now += ms
      for (const entry of [...alarms]) if (entry.at <= now && alarms.delete(entry)) entry.alarm()
    },
    alarms: () => alarms.size,
    next: () => Math.min(...[...alarms].map(({ at }) => at)) - now,
  }
}
