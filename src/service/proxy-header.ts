import { isIPv4, isIPv6 } from 'node:net'

/*
 * The PROXY protocol of HAProxy, versions 1 (text) and 2 (binary): what a proxy writes before anything else.
 * https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt, sections 2.1 and 2.2.
 */

/** A header that is whole. */
export interface ProxyHeader {
  readonly byteLength: number
  /** Address of the client; undefined when the proxy speaks for itself (a health check), or does not know. */
  readonly client: string | undefined
}

/** `absent`: something else begins here; `partial`: more bytes are needed to say. */
export type ProxyHeaderRead = ProxyHeader | 'absent' | 'partial' | 'malformed'

const SIGNATURE_1 = Buffer.from('PROXY ')
const SIGNATURE_2 = Buffer.from('\r\n\r\n\0\r\nQUIT\n')
const LINE_1_MAX_BYTES = 107
const LINE_1 = /^PROXY (?:UNKNOWN(?: .*)?|(TCP4|TCP6) (\S+) (\S+) (\d{1,5}) (\d{1,5}))\r\n$/s
const HEAD_2_BYTES = 16
/** Addresses and what proxies add about TLS; the specification asks for 536 at least. */
const BODY_2_MAX_BYTES = 4096
const VERSION_2 = 0x2
const COMMAND = { local: 0x0, proxy: 0x1 } as const
const FAMILY = { unspecified: 0x0, ipv4: 0x1, ipv6: 0x2 } as const
const IPV4_BYTES = 4
const IPV6_BYTES = 16
const PORTS_BYTES = 4
const PORT_MAX = 65_535

/** Reads the beginning of a connection. */
export function readProxyHeader(bytes: Buffer): ProxyHeaderRead {
  const [version1, version2] = [SIGNATURE_1, SIGNATURE_2].map(each => beginsWith(bytes, each))
  if (version1 === 'absent' && version2 === 'absent') return 'absent'
  if (version1 === 'whole') return readVersion1(bytes)
  return version2 === 'whole' ? readVersion2(bytes) : 'partial'
}

function beginsWith(bytes: Buffer, signature: Buffer): 'whole' | 'partial' | 'absent' {
  const length = Math.min(bytes.length, signature.length)
  if (!bytes.subarray(0, length).equals(signature.subarray(0, length))) return 'absent'
  return length === signature.length ? 'whole' : 'partial'
}

function readVersion1(bytes: Buffer): ProxyHeaderRead {
  const text = bytes.toString('latin1', 0, LINE_1_MAX_BYTES)
  const end = text.indexOf('\n') + 1
  if (end === 0) return text.length < LINE_1_MAX_BYTES ? 'partial' : 'malformed'
  const line = LINE_1.exec(text.slice(0, end))
  if (line === null) return 'malformed'
  const [, family, client = '', server = '', ...ports] = line
  if (family === undefined) return { byteLength: end, client: undefined }
  const isAddress = family === 'TCP4' ? isIPv4 : isIPv6
  const isValid = isAddress(client) && isAddress(server) && ports.every(port => Number(port) <= PORT_MAX)
  return isValid ? { byteLength: end, client } : 'malformed'
}

function readVersion2(bytes: Buffer): ProxyHeaderRead {
  if (bytes.length < HEAD_2_BYTES) return 'partial'
  const [versionAndCommand, familyAndTransport] = [bytes.readUInt8(12), bytes.readUInt8(13)]
  const byteLength = HEAD_2_BYTES + bytes.readUInt16BE(14)
  const command = versionAndCommand & 0x0f
  if (versionAndCommand >> 4 !== VERSION_2 || command > COMMAND.proxy) return 'malformed'
  if (byteLength > HEAD_2_BYTES + BODY_2_MAX_BYTES) return 'malformed'
  if (bytes.length < byteLength) return 'partial'
  if (command === COMMAND.local) return { byteLength, client: undefined }
  return readAddress(familyAndTransport >> 4, bytes.subarray(HEAD_2_BYTES, byteLength), byteLength)
}

function readAddress(family: number, body: Buffer, byteLength: number): ProxyHeaderRead {
  switch (family) {
    case FAMILY.unspecified:
      return { byteLength, client: undefined }
    case FAMILY.ipv4:
      if (body.length < 2 * IPV4_BYTES + PORTS_BYTES) return 'malformed'
      return { byteLength, client: [...body.subarray(0, IPV4_BYTES)].join('.') }
    case FAMILY.ipv6:
      if (body.length < 2 * IPV6_BYTES + PORTS_BYTES) return 'malformed'
      return { byteLength, client: ipv6Text(body.subarray(0, IPV6_BYTES)) }
    default:
      return 'malformed'
  }
}

function ipv6Text(address: Buffer): string {
  const groups = Array.from({ length: IPV6_BYTES / 2 }, (_, index) => address.readUInt16BE(2 * index))
  const isMapped = groups.slice(0, 5).every(group => group === 0) && groups[5] === 0xffff
  return isMapped ? [...address.subarray(12)].join('.') : groups.map(group => group.toString(16)).join(':')
}
