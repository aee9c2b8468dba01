import { describe, expect, it } from 'vitest'
import { routingIdsOf } from '../../src/service/routing-slots.js'
import { phoneOf } from '../support/service-peers.js'
import { useServices } from '../support/services.js'

const services = useServices()

/** The first bytes of so many routing IDs that each possible one is there: one of 256 is missing once in 10^13 runs. */
function slotsOf(next: () => Uint8Array): readonly number[] {
  const slots = new Set(Array.from({ length: 10_000 }, () => next()[0] ?? -1))
  return [...slots].sort((one, other) => one - other)
}

const range = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index)

describe('routing IDs', () => {
  it.each([
    [undefined, 0, 255],
    [[0, 255], 0, 255],
    [[0, 0x55], 0, 0x55],
    [[0x56, 0xaa], 0x56, 0xaa],
    [[0xab, 0xff], 0xab, 0xff],
    [[0, 0], 0, 0],
    [[7, 7], 7, 7],
    [[255, 255], 255, 255],
  ] as const)('of the slots %j are of all of them, and of no others', (slots, first, last) => {
    expect(slotsOf(routingIdsOf(slots))).toEqual(range(first, last))
  })

  it('of one slot differ in their other two bytes', () => {
    const next = routingIdsOf([7, 7])
    const others = new Set(Array.from({ length: 10_000 }, () => next().slice(1).join()))
    expect(others.size).toBeGreaterThan(9000)
    const bytes = [...others].flatMap(other => other.split(',').map(Number))
    expect([Math.min(...bytes), Math.max(...bytes)]).toEqual([0, 255])
  })

  it.each([[[-1, 5]], [[0, 256]], [[6, 5]], [[0.5, 5]], [[0, Number.NaN]], [[0]], [[0, 1, 2]], ['00']])(
    'are not made of the slots %j',
    async routingSlots => {
      const slots = routingSlots as unknown as [number, number]
      await expect(services.serve({ routingSlots: slots })).rejects.toMatchObject({
        code: 'argument-invalid',
      })
    },
  )

  it('that a service gives out are of its slots', async () => {
    const service = await services.serve({ routingSlots: [0xc3, 0xc3] })
    const phone = await phoneOf(service)
    expect(phone.headers['x-cable-routing-id']).toMatch(/^c3[\da-f]{4}$/i)
    phone.socket.terminate()
  })
})
