import { bareHost } from '../sockets/bare-host.js'

/** The ports of proxies that name none. */
const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }

/** A proxy that takes CONNECT. What prints of it has neither user name nor password. */
export class ConnectProxy {
  /** Its address: `http://proxy.example:3128`. */
  readonly name: string
  /** Whether it is reached by TLS. */
  readonly secure: boolean
  /** A host name or an address, without brackets. */
  readonly host: string
  readonly port: number
  readonly #authorization: string | undefined

  private constructor({ protocol, hostname, port, username, password }: URL) {
    this.port = Number(port) || (PORTS[protocol] ?? 0)
    this.name = `${protocol}//${hostname}:${this.port}`
    this.secure = protocol === 'https:'
    this.host = bareHost(hostname)
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
    if (credentials !== ':') this.#authorization = `Basic ${Buffer.from(credentials).toString('base64')}`
  }

  /**
   * @param text `http://user:password@host:port`, where only the host is needed, or the same with `https://`.
   * @returns undefined for all else.
   */
  static parse(text: string): ConnectProxy | undefined {
    const address = text.includes('://') ? text : `http://${text}`
    if (!URL.canParse(address)) return undefined
    const url = new URL(address)
    try {
      return url.protocol in PORTS ? new ConnectProxy(url) : undefined
    } catch {
      // A percent sign in the user name or the password that begins no escape.
      return undefined
    }
  }

  /** The header Proxy-Authorization (RFC 7617), where the address has a user name or a password. */
  get authorization(): string | undefined {
    return this.#authorization
  }
}
