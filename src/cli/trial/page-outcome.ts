/** What the page asks its browser for. */
export type TrialRequest = { readonly title: string } & (
  { readonly method: 'create' | 'get'; readonly publicKey: object } | { readonly digital: object }
)

/** The outcome, as the page reports it. */
export interface PageOutcome {
  /** The name of the error that the page got. */
  readonly error: string | undefined
  readonly response: unknown
  /** Of the secrets of `prf`: `two` that differ, the `same`, or `none`. */
  readonly prf: string | undefined
}

const NAME = /^[A-Z][A-Za-z]{2,40}$/
const UNKNOWN = 'UnknownError'

/** Reads the page’s report on the request with this number; undefined for a report on an older one. @throws SyntaxError. */
export function readOutcome(text: string, number: number): PageOutcome | undefined {
  const json: unknown = JSON.parse(text)
  const members = new Map<string, unknown>(Object.entries(json ?? {}))
  if (members.get('number') !== number) return undefined
  const [error, prf] = [members.get('error'), members.get('prf')]
  return {
    error: error === undefined ? undefined : typeof error === 'string' && NAME.test(error) ? error : UNKNOWN,
    response: members.get('response'),
    prf: typeof prf === 'string' ? prf : undefined,
  }
}
