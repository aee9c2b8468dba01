import { Store } from 'express-session'
import type { SessionData } from 'express-session'
import type { SiteDatabase } from './database.js'
import { Row } from './row.js'

type Done = (error?: unknown) => void

/** Sessions in the site’s database, for `express-session`. */
export class SessionStore extends Store {
  readonly #database: SiteDatabase
  readonly #lifetimeMs: number

  constructor(database: SiteDatabase, lifetimeMs: number) {
    super()
    this.#database = database
    this.#lifetimeMs = lifetimeMs
  }

  override get(id: string, done: (error: unknown, session?: SessionData | null) => void): void {
    answer(done, () => {
      const row: unknown = this.#database
        .prepare('SELECT content FROM sessions WHERE id = ? AND expires_at > ?')
        .get(id, Date.now())
      return row === undefined ? null : (JSON.parse(new Row(row).text('content')) as SessionData)
    })
  }

  override set(id: string, session: SessionData, done: Done = ignore): void {
    answer(done, () => {
      this.#database.prepare('DELETE FROM sessions WHERE expires_at <= ?').run(Date.now())
      this.#database
        .prepare('INSERT OR REPLACE INTO sessions VALUES (?, ?, ?)')
        .run(id, Date.now() + this.#lifetimeMs, JSON.stringify(session))
    })
  }

  override touch(id: string, _session: SessionData, done: Done = ignore): void {
    answer(done, () => {
      this.#database
        .prepare('UPDATE sessions SET expires_at = ? WHERE id = ?')
        .run(Date.now() + this.#lifetimeMs, id)
    })
  }

  override destroy(id: string, done: Done = ignore): void {
    answer(done, () => {
      this.#database.prepare('DELETE FROM sessions WHERE id = ?').run(id)
    })
  }
}

const ignore = (): void => undefined

function answer<Value>(done: (error: unknown, value?: Value) => void, act: () => Value): void {
  let value: Value
  try {
    value = act()
  } catch (error) {
    done(error)
    return
  }
  done(null, value)
}
