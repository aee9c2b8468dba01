import { BlockList, isIP } from 'node:net'
import { bareHost } from '../sockets/bare-host.js'

const IPV4 = { family: 'ipv4', all: 32 } as const
const IPV6 = { family: 'ipv6', all: 128 } as const
/** A host or an address in brackets, and a port; IPv6 addresses without brackets have none. */
const ENTRY = /^(\[.*\]|[^:]*)(?::(\d+))?$/

/**
 * Whether a list as in `NO_PROXY` excepts a host: `*`; a host name, for itself and all names below it, with or without `.`
 * or `*.` before it; an address; a block of addresses such as `10.0.0.0/8`. A port behind it limits an entry to that port.
 * @param host without brackets.
 */
export function isExcepted(list: string, host: string, port: number): boolean {
  return list.split(/[\s,]+/).some(entry => entry !== '' && covers(entry.toLowerCase(), host, port))
}

function covers(entry: string, host: string, port: number): boolean {
  const [, name = entry, only] = ENTRY.exec(entry) ?? []
  if (only !== undefined && Number(only) !== port) return false
  if (name === '*') return true
  const bare = bareHost(name)
  return isIP(host) === 0 ? isBelow(host, bare) : isInBlock(host, bare)
}

function isBelow(host: string, name: string): boolean {
  const [inner, outer] = [host.replace(/\.$/, ''), name.replace(/^\*?\./, '').replace(/\.$/, '')]
  return outer !== '' && (inner === outer || inner.endsWith(`.${outer}`))
}

function isInBlock(host: string, block: string): boolean {
  const [address = '', bits] = block.split('/')
  const version = isIP(address)
  if (version !== isIP(host) || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return false
  const { family, all } = version === 4 ? IPV4 : IPV6
  const length = bits === undefined ? all : Number(bits)
  if (length > all) return false
  const known = new BlockList()
  known.addSubnet(address, length, family)
  return known.check(host, family)
}
