import type { SiteDatabase } from './database.js'
import { Row } from './row.js'

/** A passkey as the site keeps it: the public half, and what is known of the device. */
export interface Passkey {
  /** The credential ID, base64url. */
  readonly id: string
  readonly userId: string
  /** A COSE key. */
  readonly publicKey: Uint8Array<ArrayBuffer>
  readonly counter: number
  /** Lower-case, with hyphens. */
  readonly aaguid: string
  readonly isBackupEligible: boolean
  readonly isBackedUp: boolean
  readonly transports: readonly string[]
  readonly name: string
  readonly createdAt: number
  readonly lastUsedAt: number | undefined
}

/** The registered passkeys of all accounts. */
export class Passkeys {
  readonly #database: SiteDatabase

  constructor(database: SiteDatabase) {
    this.#database = database
  }

  /** @returns false when the credential ID is registered already, for whomever. */
  add(passkey: Passkey): boolean {
    const { changes } = this.#database
      .prepare('INSERT OR IGNORE INTO passkeys VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)')
      .run(
        passkey.id,
        passkey.userId,
        Buffer.from(passkey.publicKey),
        passkey.counter,
        passkey.aaguid,
        Number(passkey.isBackupEligible),
        Number(passkey.isBackedUp),
        JSON.stringify(passkey.transports),
        passkey.name,
        passkey.createdAt,
      )
    return changes === 1
  }

  /** Oldest first. */
  of(userId: string): readonly Passkey[] {
    return this.#database
      .prepare('SELECT * FROM passkeys WHERE user_id = ? ORDER BY created_at, id')
      .all(userId)
      .map(row => passkeyOf(new Row(row)))
  }

  find(id: string): Passkey | undefined {
    const row: unknown = this.#database.prepare('SELECT * FROM passkeys WHERE id = ?').get(id)
    return row === undefined ? undefined : passkeyOf(new Row(row))
  }

  noteUse({ id }: Passkey, use: { readonly counter: number; readonly isBackedUp: boolean }): void {
    this.#database
      .prepare('UPDATE passkeys SET counter = ?, backed_up = ?, last_used_at = ? WHERE id = ?')
      .run(use.counter, Number(use.isBackedUp), Date.now(), id)
  }

  /** @returns whether the user has such a passkey. */
  rename(userId: string, id: string, name: string): boolean {
    const statement = this.#database.prepare('UPDATE passkeys SET name = ? WHERE id = ? AND user_id = ?')
    return statement.run(name, id, userId).changes === 1
  }

  /** @returns whether the user had such a passkey. */
  delete(userId: string, id: string): boolean {
    const statement = this.#database.prepare('DELETE FROM passkeys WHERE id = ? AND user_id = ?')
    return statement.run(id, userId).changes === 1
  }
}

function passkeyOf(row: Row): Passkey {
  return {
    id: row.text('id'),
    userId: row.text('user_id'),
    publicKey: row.bytes('public_key'),
    counter: row.number('counter'),
    aaguid: row.text('aaguid'),
    isBackupEligible: row.flag('backup_eligible'),
    isBackedUp: row.flag('backed_up'),
    transports: row.texts('transports'),
    name: row.text('name'),
    createdAt: row.number('created_at'),
    lastUsedAt: row.optionalNumber('last_used_at'),
  }
}
