import type { Members, PageBytes } from './page-bytes.js'

/** In a page: reads options that came as JSON (WebAuthn L3 sections 5.1.8 and 5.1.9). */
export class PageJson {
  declare private readonly bytes: PageBytes

  constructor(bytes: PageBytes) {
    this.bytes = bytes
  }

  /** @throws TypeError where something is missing; DOMException EncodingError for broken base64url. */
  creation(json: Members): Members {
    const options = this.members(json, ['rp', 'user', 'challenge', 'pubKeyCredParams'])
    const parsed = this.bytes.changed(this.parsed(options), 'user', user =>
      this.bytes.buffers(this.members(user, ['id', 'name', 'displayName']), ['id']),
    )
    return this.bytes.changed(parsed, 'excludeCredentials', list => this.descriptors(list))
  }

  /** @throws as `creation` does. */
  request(json: Members): Members {
    const options = this.members(json, ['challenge'])
    return this.bytes.changed(this.parsed(options), 'allowCredentials', list => this.descriptors(list))
  }

  private parsed(options: Members): Members {
    const parsed = this.bytes.buffers(options, ['challenge'])
    return this.bytes.changed(parsed, 'extensions', inputs => this.inputs(inputs))
  }

  private descriptors(list: unknown): unknown {
    if (!Array.isArray(list)) throw new TypeError('a list of credentials is not an array')
    return list.map(each => this.bytes.buffers(this.members(each, ['id', 'type']), ['id']))
  }

  private inputs(extensions: Members): Members {
    const { bytes } = this
    const values = (of: Members): Members => bytes.buffers(of, ['first', 'second'])
    const byCredential = (of: Members): unknown =>
      Object.fromEntries(Object.entries(of).map(([id, each]) => [id, values(each as Members)]))
    const prf = bytes.changed(bytes.buffers(extensions, ['credBlob']), 'prf', of =>
      bytes.changed(bytes.changed(of, 'eval', values), 'evalByCredential', byCredential),
    )
    return bytes.changed(prf, 'largeBlob', of => bytes.buffers(of, ['write']))
  }

  /** The value, if it is a dictionary with these members. */
  private members(value: unknown, names: readonly string[]): Members {
    if (typeof value !== 'object' || value === null) throw new TypeError('options are not an object')
    const missing = names.find(name => (value as Members)[name] === undefined)
    if (missing !== undefined) throw new TypeError(`required member ${missing} is undefined`)
    return value as Members
  }
}
