import { isIPv6 } from 'node:net'

const GROUPS = 8
const GROUP_BITS = 16
const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i
/** The IPv6 prefixes that a customer may get: one network, or a delegated prefix (RFC 6177). */
const PREFIXES = [64, 56, 48] as const

/** The groups of addresses that a connection counts in, the narrowest first. Empty: it counts in no group. */
export type AddressGroups = readonly string[]

/** An IPv4 address counts by itself. An IPv6 address counts with its /64, its /56 and its /48. */
export function addressGroups(address: string): AddressGroups {
  if (!address.includes(':')) return [address]
  const [plain = ''] = address.split('%')
  const [, mapped] = MAPPED_IPV4.exec(plain) ?? []
  if (mapped !== undefined || !isIPv6(plain)) return [mapped ?? plain]
  const groups = groupsOf(plain)
  return PREFIXES.map(bits => `${networkOf(groups, bits)}::/${bits}`)
}

function groupsOf(address: string): readonly number[] {
  const halves = address.split('::').map(half => half.split(':').filter(group => group !== ''))
  const [head = [], tail = []] = halves
  const gap = halves.length > 1 ? Array<string>(GROUPS - head.length - tail.length).fill('0') : []
  return [...head, ...gap, ...tail].map(group => parseInt(group, 16))
}

function networkOf(groups: readonly number[], bits: number): string {
  const whole = Math.ceil(bits / GROUP_BITS)
  const unused = whole * GROUP_BITS - bits
  return groups
    .slice(0, whole)
    .map((group, index) => (index < whole - 1 ? group : (group >> unused) << unused).toString(16))
    .join(':')
}
