import { expect } from 'vitest'
import type { ContactTag } from '../../src/bytes/contact-tag.js'
import type { ContactDirectory, DirectoryMembership } from '../../src/ports/contact-directory.js'
import { someCall, someContact } from '../../src/testing/directory/harness.js'

/** What a member has heard, in words with codes and messages of errors. */
interface Heard {
  readonly seen: readonly string[]
  until(word: string | RegExp): Promise<void>
}

/** A member of a directory. */
export interface Joined {
  readonly heard: Heard
  readonly membership: DirectoryMembership
  readonly contact: ContactTag
  /** Waits until another’s call for the contact is answered so. */
  untilAnswered(by: Joined, answer: string): Promise<void>
}

/** Joins a directory, and answers every call with `ringing`. */
export async function joined(directory: ContactDirectory): Promise<Joined> {
  const seen: string[] = []
  const wordOf = (name: string, { code, message }: { code: string; message: string }): string =>
    `${name} ${code} ${message}`
  const membership = await directory.join({
    up: () => seen.push('up'),
    down: error => seen.push(wordOf('down', error)),
    unsettled: () => undefined,
    called: () => Promise.resolve('ringing'),
    superseded: contact => seen.push(`superseded ${contact}`),
    revoked: contacts => seen.push(...contacts.map(contact => `revoked ${contact}`)),
    warned: error => seen.push(wordOf('warned', error)),
  })
  const contact = someContact()
  const matches = (word: string | RegExp): boolean =>
    seen.some(each => (typeof word === 'string' ? each === word : word.test(each)))
  return {
    heard: {
      seen,
      until: word => expect.poll(() => matches(word), { timeout: 10_000, message: `${word}` }).toBe(true),
    },
    membership,
    contact,
    untilAnswered: ({ membership: asker }, answer) =>
      expect.poll(() => asker.call(contact, someCall()), { timeout: 10_000 }).toBe(answer),
  }
}
