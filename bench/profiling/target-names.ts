export type TargetName =
  'handshake' | 'sealed-traffic' | 'eid' | 'cbor-write' | 'cbor-read' | 'registration' | 'service' | 'import'

/** What can be profiled, and what it is. */
export const TARGET_NAMES: Readonly<Record<TargetName, string>> = {
  handshake: 'KNpsk0, both sides, node provider',
  'sealed-traffic': 'seal and open 256 B',
  eid: 'a foreign advert and 100 keys',
  'cbor-write': 'every message of the cbor suite, written',
  'cbor-read': 'the same, read',
  registration: 'whole registrations on loopback',
  service: 'the relay under messages of 256 B',
  import: 'a process that imports the main entry, start included',
}

export const isTargetName = (name: string): name is TargetName => Object.hasOwn(TARGET_NAMES, name)
