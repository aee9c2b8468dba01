import Database from 'libsql'

export type SiteDatabase = Database.Database

const SCHEMA = `
  PRAGMA foreign_keys = ON;
  CREATE TABLE IF NOT EXISTS users (
    id TEXT PRIMARY KEY,
    user_name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    display_name TEXT NOT NULL,
    password TEXT NOT NULL,
    password_set_at INTEGER NOT NULL,
    is_administrator INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS passkeys (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    public_key BLOB NOT NULL,
    counter INTEGER NOT NULL,
    aaguid TEXT NOT NULL,
    backup_eligible INTEGER NOT NULL,
    backed_up INTEGER NOT NULL,
    transports TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER
  ) STRICT;
  CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL,
    content TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS policy (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    is_restricted INTEGER NOT NULL,
    allowed TEXT NOT NULL
  ) STRICT;
  INSERT OR IGNORE INTO policy VALUES (1, 0, '[]');
`

/** Opens the site’s database, and makes its tables where they are missing. @param path `:memory:` keeps nothing. */
export function openDatabase(path: string): SiteDatabase {
  const database = new Database(path)
  database.exec(SCHEMA)
  return database
}
