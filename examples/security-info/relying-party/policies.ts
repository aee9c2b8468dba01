import type { Policy } from '../wire/site.js'
import type { SiteDatabase } from './database.js'
import { Row } from './row.js'

/** The administrator’s word on authenticators. */
export class Policies {
  readonly #database: SiteDatabase

  constructor(database: SiteDatabase) {
    this.#database = database
  }

  get(): Policy {
    const row = new Row(this.#database.prepare('SELECT * FROM policy').get())
    return { isRestricted: row.flag('is_restricted'), allowed: row.texts('allowed') }
  }

  set({ isRestricted, allowed }: Policy): void {
    this.#database
      .prepare('UPDATE policy SET is_restricted = ?, allowed = ?')
      .run(Number(isRestricted), JSON.stringify(allowed))
  }

  allows(aaguid: string): boolean {
    const { isRestricted, allowed } = this.get()
    return !isRestricted || allowed.includes(aaguid)
  }
}
