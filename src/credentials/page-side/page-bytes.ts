/** An object of the page, whose members are unknown. */
export type Members = Readonly<Record<string, unknown>>

/**
 * In a page: bytes as messages and JSON have them, and back. As of all classes for pages, its text is put there: it uses nothing from
 * outside, and neither async functions nor private names, which builds may lower to helpers of theirs.
 */
export class PageBytes {
  /**
   * A page’s value as messages have it: bytes are marked, and dictionaries also take inherited members (Web IDL section
   * 3.2.17).
   */
  written(value: unknown, depth = 0): unknown {
    if (depth > 16) throw new TypeError('options are nested too deeply')
    if (typeof value !== 'object' || value === null) return value
    const bytes = this.bytesOf(value)
    if (bytes !== undefined) return { $bytes: this.base64url(bytes) }
    if (Symbol.iterator in value)
      return [...(value as Iterable<unknown>)].map(each => this.written(each, depth + 1))
    const members: Record<string, unknown> = {}
    for (const name in value) members[name] = this.written((value as Members)[name], depth + 1)
    return members
  }

  /**
   * The members, with bytes in place of base64url under those names, where they are present. @throws DOMException
   * EncodingError.
   */
  buffers(members: Members, names: readonly string[]): Members {
    const changes = names
      .filter(name => members[name] !== undefined)
      .map(name => [name, this.buffer(members[name])] as const)
    return { ...members, ...Object.fromEntries(changes) }
  }

  /** The members, with another value under that name, where it is present. */
  changed(members: Members, name: string, change: (value: Members) => unknown): Members {
    const value = members[name]
    return value === undefined ? members : { ...members, [name]: change(value as Members) }
  }

  private buffer(text: unknown): ArrayBuffer {
    if (typeof text !== 'string' || !/^[\w-]*$/.test(text))
      throw new DOMException('bytes are not written as base64url', 'EncodingError')
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    return Uint8Array.from(binary, each => each.charCodeAt(0)).buffer
  }

  /** Of any realm: a page may take options from a frame of its own. */
  private bytesOf(value: object): Uint8Array | undefined {
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    const isBuffer = Object.prototype.toString.call(value) === '[object ArrayBuffer]'
    return isBuffer ? new Uint8Array(value as ArrayBuffer) : undefined
  }

  private base64url(bytes: Uint8Array): string {
    let text = ''
    for (const byte of bytes) text += String.fromCharCode(byte)
    return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  }
}
