import { isIPv6 } from 'node:net'

const GROUPS = 8
const NETWORK_GROUPS = 4
const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/**
 * Whom to count connections by: one IPv4 address, or the first 64 bits of an IPv6 address, since a customer has as many
 * addresses as those after them name.
 */
export function addressGroup(address: string): string {
  if (!address.includes(':')) return address
  const [plain = ''] = address.split('%')
  const [, mapped] = MAPPED_IPV4.exec(plain) ?? []
  if (mapped !== undefined || !isIPv6(plain)) return mapped ?? plain
  const [head = [], tail = []] = plain.split('::').map(half => half.split(':').filter(group => group !== ''))
  const gap = plain.includes('::') ? Array<string>(GROUPS - head.length - tail.length).fill('0') : []
  const groups = [...head, ...gap, ...tail].map(group => parseInt(group, 16).toString(16))
  return `${groups.slice(0, NETWORK_GROUPS).join(':')}::/64`
}
