import type { IncomingHttpHeaders } from 'node:http'
import { isIP, isIPv4, isIPv6 } from 'node:net'

/** More proxies than any chain has. */
const MAX_HOPS = 32
/** RFC 7239 section 4: a token, and a token or a quoted string, then the next pair, the next element or the end. */
const PAIR = /[ \t]*([!#$%&'*+.^_`|~\w-]+)=(?:([!#$%&'*+.^_`|~\w:[\]-]+)|"((?:[^"\\]|\\.)*)")[ \t]*(;|,|$)/y
/** RFC 7239 section 6.3: a name in place of an address. */
const OBFUSCATED = /^(?:unknown|_[\w.-]+)$/i
const PORT = /:(?:\d{1,5}|_[\w.-]+)$/

/**
 * The addresses that a request was forwarded for, by `Forwarded` (RFC 7239) or `X-Forwarded-For`. The one nearest to
 * this service is the last.
 * @returns undefined without either; `malformed` for what cannot be read, and for both at once: a proxy writes one of them,
 * so the other would be what the client wrote.
 */
export function forwardedFor(headers: IncomingHttpHeaders): readonly string[] | 'malformed' | undefined {
  const { forwarded, 'x-forwarded-for': old } = headers
  if (forwarded === undefined && old === undefined) return undefined
  if (forwarded !== undefined && old !== undefined) return 'malformed'
  const nodes = forwarded === undefined ? String(old).split(',') : nodesOf(forwarded)
  const clients = nodes.map(node => clientOf(node.trim()))
  const known = clients.filter(client => client !== undefined)
  const areAllKnown = known.length > 0 && known.length === clients.length
  return areAllKnown && known.length <= MAX_HOPS ? known : 'malformed'
}

/** The `for` of each element, which must be there once; an empty list for a header that cannot be read. */
function nodesOf(value: string): readonly string[] {
  const nodes: string[] = []
  let node: string | undefined
  for (PAIR.lastIndex = 0; PAIR.lastIndex < value.length;) {
    const [, name, token, quoted, end] = PAIR.exec(value) ?? []
    if (name?.toLowerCase() === 'for') {
      if (node !== undefined) return []
      node = token ?? quoted?.replace(/\\(.)/g, '$1')
    }
    if (name === undefined || (end !== ';' && node === undefined)) return []
    if (end === ';' || node === undefined) continue
    nodes.push(node)
    node = undefined
  }
  return nodes
}

/** The address without its port, or a name in its place. */
function clientOf(node: string): string | undefined {
  if (isIP(node) !== 0 || OBFUSCATED.test(node)) return node
  const plain = node.replace(PORT, '')
  if (isIPv4(plain)) return plain
  const [, inBrackets = ''] = /^\[(.*)\]$/.exec(plain) ?? []
  return isIPv6(inBrackets) ? inBrackets : undefined
}
