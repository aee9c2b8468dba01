import { expect, test } from 'vitest'
import { DialledChannels } from '../../src/session/dialled-channels.js'

const ADDRESS = 'C0:00:00:00:00:01'

test('a device that was no phone is known by its address and the type of that', () => {
  const channels = new DialledChannels()
  const liar = { address: ADDRESS, addressType: 'random' } as const
  channels.dial(liar, 0x80)
  expect(channels.isLiar(liar)).toBe(false)
  channels.remember()
  expect(channels.isLiar({ ...liar, adapter: '00:00:00:00:00:02' })).toBe(true)
  expect(channels.isLiar({ ...liar, addressType: 'public' })).toBe(false)
  expect(channels.isLiar({ ...liar, address: 'C0:00:00:00:00:02' })).toBe(false)
  expect(channels.isLiar(undefined)).toBe(false)
})

test('three are dialled, each by a number of its own', () => {
  const channels = new DialledChannels()
  const dialled = [1, 2, 3].map(() => {
    expect(channels.isOneLeft).toBe(true)
    return channels.dial({ address: ADDRESS, addressType: 'random' }, 0x80).channel
  })
  expect(dialled).toEqual([1, 2, 3])
  expect(channels.isOneLeft).toBe(false)
})
