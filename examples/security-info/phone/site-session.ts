import { Problem, STATUS } from '../http/problem.js'
import type { ProblemView } from '../wire/site.js'

type Method = 'GET' | 'POST' | 'PUT'

/** An app’s own session at the site: HTTP and a cookie, and nothing of the browsers on the same machine. */
export class SiteSession {
  readonly #origin: string
  #cookie = ''

  constructor(origin: string) {
    this.#origin = origin
  }

  /** Asks the site, whose answers have the form that `wire/` says. @throws Problem in the site’s words. */
  async ask<Answer = unknown>(method: Method, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(this.#origin + path, {
      method,
      headers: { Origin: this.#origin, Cookie: this.#cookie, 'Content-Type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    }).catch(() => undefined)
    if (response === undefined) throw unreachable()
    const [set] = response.headers.getSetCookie()
    if (set !== undefined) this.#cookie = set.slice(0, set.indexOf(';'))
    const text = await response.text()
    const answer: unknown = text.startsWith('{') ? JSON.parse(text) : undefined
    if (!response.ok) throw problemOf(response.status, answer)
    return answer as Answer
  }
}

function unreachable(): Problem {
  return new Problem(STATUS.conflict, { code: 'unreachable', message: 'The site does not answer.' })
}

function problemOf(status: number, answer: unknown): Problem {
  const { error } = (answer ?? {}) as { readonly error?: ProblemView }
  return new Problem(status, error ?? { code: 'internal', message: `The site answered ${status}.` })
}

/** There is no sign-in to go on with. */
export function notBegun(): Problem {
  return new Problem(STATUS.conflict, { code: 'not-begun', message: 'Sign in first.' })
}
