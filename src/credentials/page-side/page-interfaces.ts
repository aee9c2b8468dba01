import type { Members } from './page-bytes.js'

/** A class as a page has it. */
export interface PageClass {
  new (): object
  readonly prototype: object
}

/** How an interface of Web IDL is made: what its attributes are, and what its methods give. */
export interface Shape {
  readonly attributes: Readonly<Record<string, (own: Members) => unknown>>
  readonly methods: Readonly<Record<string, (own: Members) => unknown>>
}

/** In a page: makes interfaces of Web IDL, whose objects only it makes, and whose prototypes cannot be replaced. */
export class PageInterfaces {
  /** What the objects are made of. */
  declare private readonly made: WeakMap<object, Members>

  constructor() {
    this.made = new WeakMap()
  }

  make(type: PageClass, own: Members): object {
    const object = Object.create(type.prototype) as object
    this.made.set(object, own)
    return object
  }

  makeClass(name: string, parent: PageClass | undefined, { attributes, methods }: Shape): PageClass {
    const type = function (): never {
      throw new TypeError('Illegal constructor')
    } as unknown as PageClass
    Object.defineProperty(type, 'prototype', { writable: false })
    const { made } = this
    const ownOf = (object: object): Members => {
      const own = made.get(object)
      if (own === undefined) throw new TypeError('Illegal invocation')
      return own
    }
    if (parent !== undefined) Object.setPrototypeOf(type, parent)
    if (parent !== undefined) Object.setPrototypeOf(type.prototype, parent.prototype)
    for (const [key, read] of Object.entries(attributes))
      this.defineAttribute(type.prototype, key, ownOf, read)
    for (const [key, give] of Object.entries(methods))
      this.define(
        type.prototype,
        key,
        function (this: object) {
          return give(ownOf(this))
        },
        true,
      )
    Object.defineProperty(type, 'name', { value: name })
    Object.defineProperty(type.prototype, Symbol.toStringTag, { value: name, configurable: true })
    return type
  }

  /** Interfaces are not enumerable in the global object, their members are in them (Web IDL section 3.7). */
  define(holder: object, name: string, value: unknown, enumerable = false): void {
    Object.defineProperty(holder, name, { value, enumerable, configurable: true, writable: true })
  }

  private defineAttribute(
    prototype: object,
    key: string,
    ownOf: (object: object) => Members,
    read: (own: Members) => unknown,
  ): void {
    const get = function (this: object): unknown {
      return read(ownOf(this))
    }
    Object.defineProperty(prototype, key, { get, enumerable: true, configurable: true })
  }
}
