import { randomInt } from 'node:crypto'
import { ROUTING_ID_BYTES, routingId } from '../bytes/brands.js'
import type { RoutingId } from '../bytes/brands.js'
import { encodeU32BE } from '../bytes/endian.js'
import { UsageError } from '../errors.js'

/** First and last value of the first byte of routing IDs, by which a proxy finds the instance that gave one out. */
export type RoutingSlots = readonly [first: number, last: number]

const LAST_SLOT = 0xff
const IDS_OF_A_SLOT = 2 ** (8 * (ROUTING_ID_BYTES - 1))

/**
 * Makes fresh routing IDs, each of the slots as likely as the others.
 * @throws UsageError `argument-invalid` for slots that are not integers from 0 to 255, or in the wrong order.
 */
export function routingIdsOf(slots: RoutingSlots = [0, LAST_SLOT]): () => RoutingId {
  const [first, last] = checkedSlots(slots)
  // Node draws these from a stock of randomness. Asking the kernel for three bytes each time would cost more.
  return () =>
    routingId(
      encodeU32BE(randomInt(first * IDS_OF_A_SLOT, (last + 1) * IDS_OF_A_SLOT)).slice(-ROUTING_ID_BYTES),
    )
}

/** @throws UsageError `argument-invalid` */
function checkedSlots(slots: RoutingSlots): RoutingSlots {
  const given: readonly number[] = slots
  const isPair = Array.isArray(given) && given.length === 2
  const areSlots = isPair && given.every(slot => Number.isInteger(slot) && slot >= 0 && slot <= LAST_SLOT)
  if (areSlots && slots[0] <= slots[1]) return slots
  const message = `routingSlots must be two integers from 0 to ${LAST_SLOT}, the lower one first, not ${String(slots)}`
  throw new UsageError('argument-invalid', message)
}
