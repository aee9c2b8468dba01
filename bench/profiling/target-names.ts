/** What can be profiled, and what it is. */
export const TARGET_NAMES = {
  handshake: 'KNpsk0, both sides, node provider',
  'sealed-traffic': 'seal and open 256 B',
  eid: 'a foreign advert and 100 keys',
  'cbor-write': 'every message of the cbor suite, written',
  'cbor-read': 'the same, read',
  registration: 'whole registrations on loopback',
  'service-messages': 'the relay under messages of 256 B',
  'service-tunnels': 'the relay under tunnels that are opened and cut',
  'service-ceremonies': 'the relay under tunnels opened, joined, used for six messages and closed',
  import: 'a process that imports the main entry, start included',
} as const

export type TargetName = keyof typeof TARGET_NAMES

export const isTargetName = (name: string): name is TargetName => Object.hasOwn(TARGET_NAMES, name)
