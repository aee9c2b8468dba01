import { expect } from 'vitest'
import type { ContactDirectory } from '../../src/ports/contact-directory.js'
import { someContact } from '../../src/testing/directory/harness.js'
import { joined } from '../cluster/joined.js'
import type { Joined } from '../cluster/joined.js'

/** Contacts on the list of a directory’s engine, by how many fit. */
export interface FilledList {
  /** Those that a member hears of that comes later. */
  readonly kept: readonly string[]
  /** All of them, and one more than fits. */
  readonly told: readonly string[]
  readonly warnings: readonly string[]
}

/** Revokes contacts one after the other until one is left out, and then another one. @param least how many have to fit. */
export async function fillList(makeDirectory: () => ContactDirectory, least: number): Promise<FilledList> {
  const members: Joined[] = []
  const join = async (): Promise<Joined> => {
    const member = await joined(makeDirectory())
    members.push(member)
    await member.heard.until('up')
    return member
  }
  const warningsOf = ({ heard }: Joined): readonly string[] =>
    heard.seen.filter(word => word.startsWith('warned'))
  const [one, other] = [await join(), await join()]
  const told: string[] = []
  const revoke = async (): Promise<void> => {
    const contact = someContact()
    told.push(contact)
    one.membership.revoked([contact])
    await other.heard.until(`revoked ${contact}`)
    const late = await join()
    const isKept = (): boolean => late.heard.seen.includes(`revoked ${contact}`)
    await expect.poll(() => isKept() || warningsOf(one).length > 0, { timeout: 10_000 }).toBe(true)
  }
  while (warningsOf(one).length === 0 && told.length < least * 5) await revoke()
  await revoke()
  const late = await join()
  for (const contact of told.slice(0, least)) await late.heard.until(`revoked ${contact}`)
  const kept = new Set(
    late.heard.seen.filter(word => word.startsWith('revoked')).map(word => word.slice('revoked '.length)),
  )
  await Promise.all(members.map(({ membership }) => membership.leave()))
  return { kept: told.filter(contact => kept.has(contact)), told, warnings: warningsOf(one) }
}
