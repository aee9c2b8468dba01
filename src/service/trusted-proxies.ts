import { BlockList, isIP } from 'node:net'
import { UsageError } from '../errors.js'

const BITS = { 4: 32, 6: 128 } as const
const MAPPED_IPV4 = /^::ffff:(?=\d+\.)/i

/** How many answers are remembered. Proxies are few; of their clients, most come more than once. */
const MAX_KNOWN = 1024

/** Addresses of the proxies in front of a service. Their statements about which client they speak for are believed. */
export class TrustedProxies {
  readonly #list = new BlockList()
  /** Each connection and each request asks, and the list takes 4 µs. */
  readonly #known = new Map<string, boolean>()

  /**
   * @param networks such as `10.0.0.0/8`, `2001:db8::/32` or `127.0.0.1`.
   * @throws UsageError `argument-invalid` for anything else.
   */
  constructor(networks: readonly string[]) {
    for (const network of networks) this.#add(network)
  }

  has(address: string): boolean {
    const known = this.#known.get(address)
    if (known !== undefined) return known
    const isTrusted = this.#check(address)
    if (this.#known.size >= MAX_KNOWN) this.#known.clear()
    this.#known.set(address, isTrusted)
    return isTrusted
  }

  #check(address: string): boolean {
    const plain = address.replace(MAPPED_IPV4, '').split('%')[0] ?? ''
    const version = isIP(plain)
    return version !== 0 && this.#list.check(plain, version === 4 ? 'ipv4' : 'ipv6')
  }

  #add(network: string): void {
    const [address = '', prefix, ...more] = network.split('/')
    const version = isIP(address)
    const most = version === 4 ? BITS[4] : BITS[6]
    const bits = prefix === undefined ? most : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Infinity
    if (version === 0 || bits > most || more.length > 0 || address.includes('%'))
      throw new UsageError('argument-invalid', `trustedProxies takes addresses and CIDRs, not ${network}`)
    this.#list.addSubnet(address, bits, version === 4 ? 'ipv4' : 'ipv6')
  }
}
