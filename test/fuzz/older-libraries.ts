// ELF64, little-endian (System V ABI; symbol versions: Linux Standard Base 5.0, section 10.7).
const SECTIONS_OFFSET_AT = 0x28
const SECTION_SIZE_AT = 0x3a
const SECTION_COUNT_AT = 0x3c
const NAMES_SECTION_AT = 0x3e
const SYMBOL_BYTES = 24
const SYMBOL_INFO_AT = 4
const BINDING_WEAK = 2

/** Versions that the engine was linked for, and those from which on everything is there that it calls. */
const OLDER_VERSIONS: Readonly<Record<string, readonly string[]>> = {
  'GLIBC_2.38': ['GLIBC_2.2.5', 'GLIBC_2.17'],
  'GLIBCXX_3.4.32': ['GLIBCXX_3.4'],
}
/** C23 only adds binary numbers to `strtol` and `strtoul`: without this they are the old ones. */
const C23_PREFIX = '__isoc23_'
/** GCC 13 refers to this and never calls it. */
const NEVER_CALLED = '_ZSt21ios_base_library_initv'

interface Section {
  readonly name: string
  readonly offset: number
  readonly size: number
}

/** A copy of the engine’s addon that loads with the libraries of Debian 12 and Ubuntu 22.04, too. */
export function fitToOlderLibraries(addon: Uint8Array): Uint8Array {
  return new Elf(addon).fitted()
}

class Elf {
  readonly #bytes: Buffer
  readonly #strings: Section

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes)
    this.#strings = this.#section('.dynstr')
  }

  fitted(): Uint8Array {
    const versions = this.#versions()
    for (const [newer, older] of Object.entries(OLDER_VERSIONS)) {
      const from = older.map(name => versions.get(name)).find(found => found !== undefined)
      const to = versions.get(newer)
      if (from !== undefined && to !== undefined) this.#copyVersion(from, to)
    }
    this.#fitSymbols()
    return Uint8Array.from(this.#bytes)
  }

  /** Hash and name of a required version; the number by which symbols refer to it stays. */
  #copyVersion(from: number, to: number): void {
    this.#bytes.copy(this.#bytes, to, from, from + 4)
    this.#bytes.copy(this.#bytes, to + 8, from + 8, from + 12)
  }

  #fitSymbols(): void {
    const { offset, size } = this.#section('.dynsym')
    for (let symbol = offset; symbol < offset + size; symbol += SYMBOL_BYTES) {
      const name = this.#bytes.readUInt32LE(symbol)
      const text = this.#text(this.#strings.offset + name)
      // The end of the name is the old name.
      if (text.startsWith(C23_PREFIX)) this.#bytes.writeUInt32LE(name + C23_PREFIX.length, symbol)
      if (text !== NEVER_CALLED) continue
      const type = this.#bytes.readUInt8(symbol + SYMBOL_INFO_AT) & 0xf
      this.#bytes.writeUInt8((BINDING_WEAK << 4) | type, symbol + SYMBOL_INFO_AT)
    }
  }

  /** Where each required version is written. */
  #versions(): ReadonlyMap<string, number> {
    const found = new Map<string, number>()
    let library = this.#section('.gnu.version_r').offset
    for (let more = true; more;) {
      let version = library + this.#bytes.readUInt32LE(library + 8)
      for (let left = this.#bytes.readUInt16LE(library + 2); left > 0; left--) {
        found.set(this.#text(this.#strings.offset + this.#bytes.readUInt32LE(version + 8)), version)
        version += this.#bytes.readUInt32LE(version + 12)
      }
      const next = this.#bytes.readUInt32LE(library + 12)
      more = next !== 0
      library += next
    }
    return found
  }

  #section(name: string): Section {
    const count = this.#bytes.readUInt16LE(SECTION_COUNT_AT)
    const names = this.#sectionAt(this.#bytes.readUInt16LE(NAMES_SECTION_AT))
    for (let index = 0; index < count; index++) {
      const { nameOffset, ...where } = this.#sectionAt(index)
      if (this.#text(names.offset + nameOffset) === name) return { name, ...where }
    }
    throw new Error(`the engine has no section ${name}`)
  }

  #sectionAt(index: number): { nameOffset: number; offset: number; size: number } {
    const table = Number(this.#bytes.readBigUInt64LE(SECTIONS_OFFSET_AT))
    const header = table + index * this.#bytes.readUInt16LE(SECTION_SIZE_AT)
    return {
      nameOffset: this.#bytes.readUInt32LE(header),
      offset: Number(this.#bytes.readBigUInt64LE(header + 0x18)),
      size: Number(this.#bytes.readBigUInt64LE(header + 0x20)),
    }
  }

  #text(at: number): string {
    return this.#bytes.toString('latin1', at, this.#bytes.indexOf(0, at))
  }
}
