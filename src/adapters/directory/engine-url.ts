import { UsageError } from '../../errors.js'
import { bareHost } from '../sockets/bare-host.js'

/** The address of an engine. Its credentials are in no message and never printed, because its fields are private. */
export class EngineUrl {
  readonly #url: URL

  /** @param schemes with colon. @throws UsageError `argument-invalid`, which does not repeat the URL. */
  constructor(text: string, schemes: readonly string[]) {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (url === undefined || !schemes.includes(url.protocol) || url.hostname === '' || !isDecodable(url))
      throw new UsageError(
        'argument-invalid',
        `a directory is named ${schemes.map(scheme => `${scheme}//host:port`).join(' or ')}`,
      )
    this.#url = url
  }

  get scheme(): string {
    return this.#url.protocol
  }

  /** Without port where none was given. */
  get host(): string {
    return this.#url.host
  }

  get hostname(): string {
    return bareHost(this.#url.hostname)
  }

  get port(): number | undefined {
    return this.#url.port === '' ? undefined : Number(this.#url.port)
  }

  get user(): string {
    return decodeURIComponent(this.#url.username)
  }

  get password(): string {
    return decodeURIComponent(this.#url.password)
  }

  /** What follows the host, without a slash. */
  get path(): string {
    return this.#url.pathname.replace(/^\//, '')
  }

  /** For messages. */
  toString(): string {
    return `${this.scheme}//${this.host}`
  }
}

function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password)
    return true
  } catch {
    return false
  }
}
