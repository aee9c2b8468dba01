import type { RoutingSlots } from '../../service/routing-slots.js'
import { badUsage } from '../failure.js'

const SLOTS = /^([\da-f]{2})-([\da-f]{2})$/i

/** Reads two bytes in hex such as `00-55`; undefined without them. @throws CommandLineError */
export function parseRoutingSlots(text: string | undefined): RoutingSlots | undefined {
  if (text === undefined) return undefined
  const [, first = '', last = ''] = SLOTS.exec(text) ?? []
  const slots = [Number.parseInt(first, 16), Number.parseInt(last, 16)] as const
  if (slots[0] <= slots[1]) return slots
  throw badUsage(`--routing-slots takes two bytes in hex, the lower one first, such as 00-55, not ${text}`)
}
