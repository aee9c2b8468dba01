/** A key that only this room has, so that no other code makes objects of these classes. */
export const INSIDE: unique symbol = Symbol('fido-hybrid.inside')

/** The proof that a constructor is called from here. */
export type Inside = typeof INSIDE

/** @throws TypeError where a page calls the constructor of an interface that has none. */
export function refuseOutsiders(key: unknown): void {
  if (key !== INSIDE) throw new TypeError('Illegal constructor')
}

/**
 * Gives a class the look of a Web IDL interface: its members are enumerable, its objects say their interface’s name
 * (Web IDL, section 3.7).
 */
export function webInterface(type: { readonly name: string; readonly prototype: object }): void {
  const { name, prototype } = type
  for (const holder of [prototype, type]) {
    for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(holder)))
      if (isMember(key)) Object.defineProperty(holder, key, { ...descriptor, enumerable: true })
  }
  Object.defineProperty(type, 'length', { value: 0 })
  Object.defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true })
}

function isMember(key: string): boolean {
  return !['constructor', 'prototype', 'name', 'length'].includes(key)
}
