import { randomBytes } from 'node:crypto'
import type { SiteDatabase } from './database.js'
import { hashPassword, isPassword } from './password.js'
import { Row } from './row.js'

export interface User {
  /** base64url; also the user handle in passkeys, so it says nothing about the person. */
  readonly id: string
  readonly userName: string
  readonly displayName: string
  readonly passwordSetAt: number
  readonly isAdministrator: boolean
}

/** A visitor’s request for an account. */
export interface NewUser {
  readonly userName: string
  readonly displayName: string
  readonly password: string
}

const USER_ID_BYTES = 16

/** The accounts. */
export class Users {
  readonly #database: SiteDatabase

  constructor(database: SiteDatabase) {
    this.#database = database
  }

  /** Makes an account; the first one is the administrator’s. @returns undefined when the user name is taken. */
  async create({ userName, displayName, password }: NewUser): Promise<User | undefined> {
    const id = randomBytes(USER_ID_BYTES).toString('base64url')
    const hash = await hashPassword(password)
    const { changes } = this.#database
      .prepare(
        `INSERT INTO users SELECT ?, ?, ?, ?, ?, NOT EXISTS (SELECT 1 FROM users)
         WHERE NOT EXISTS (SELECT 1 FROM users WHERE user_name = ?)`,
      )
      .run(id, userName, displayName, hash, Date.now(), userName)
    return changes === 1 ? this.find(id) : undefined
  }

  find(id: string): User | undefined {
    const row: unknown = this.#database.prepare('SELECT * FROM users WHERE id = ?').get(id)
    return row === undefined ? undefined : userOf(new Row(row))
  }

  /** The account of a user name and its password. */
  async signIn(userName: string, password: string): Promise<User | undefined> {
    const found: unknown = this.#database.prepare('SELECT * FROM users WHERE user_name = ?').get(userName)
    const row = found === undefined ? undefined : new Row(found)
    return (await isPassword(password, row?.text('password'))) && row ? userOf(row) : undefined
  }
}

function userOf(row: Row): User {
  return {
    id: row.text('id'),
    userName: row.text('user_name'),
    displayName: row.text('display_name'),
    passwordSetAt: row.number('password_set_at'),
    isAdministrator: row.flag('is_administrator'),
  }
}
