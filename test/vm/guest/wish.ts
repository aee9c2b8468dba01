import { readFile, writeFile } from 'node:fs/promises'

/** What root does for the user: test/vm/guest/steward. */
export type Wish =
  | 'add-adapters'
  | 'remove-adapters'
  | 'allow'
  | 'deny'
  | 'hide-phone'
  | 'show-phone'
  | `${'fix' | 'free'}-${'phone' | 'laptop'}`

/** Asks root for something; settles when it is done. */
export async function wish(text: Wish): Promise<void> {
  await writeFile('/run/wish', `${text}\n`)
  const status = (await readFile('/run/answer', 'utf8')).trim()
  if (status !== '0') throw new Error(`${text} ended with ${status}`)
}
