import type { ProblemView } from '../wire/site.js'

/** A request that was turned down, in the server’s words. */
export class Refused extends Error {
  readonly status: number
  readonly view: ProblemView

  constructor(status: number, view: ProblemView) {
    super(view.message)
    this.status = status
    this.view = view
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Asks the server, which is ours: its answer has the form that `wire/` says. @throws Refused. */
export async function ask<Answer = unknown>(
  method: Method,
  path: string,
  body?: unknown,
  signal: AbortSignal | null = null,
): Promise<Answer> {
  const response = await fetch(path, {
    method,
    signal,
    ...(body !== undefined && {
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    }),
  }).catch(() => undefined)
  if (response === undefined) throw unreachable()
  const isJson = response.headers.get('Content-Type')?.startsWith('application/json') ?? false
  const answer: unknown = isJson ? await response.json() : undefined
  if (!response.ok) throw refusedBy(response.status, answer)
  return answer as Answer
}

function refusedBy(status: number, answer: unknown): Refused {
  const { error } = (answer ?? {}) as { readonly error?: ProblemView }
  return new Refused(status, error ?? { code: 'unknown', message: `The server answered ${String(status)}.` })
}

function unreachable(): Refused {
  return new Refused(0, {
    code: 'unreachable',
    message: 'The server does not answer. Is the demo still running?',
  })
}

/** Browsers cut the connections of a page that is being left while its scripts still run. */
let isLeaving = false
addEventListener('beforeunload', () => (isLeaving = true))

/**
 * Follows a state of the server, each of the form that `wire/` says; the result stops it. A connection that broke is opened again.
 * @param onLost is called when the server does not know that state any more.
 */
export function follow(
  path: string,
  onState: (state: unknown) => void,
  onLost: () => void = () => undefined,
): () => void {
  const source = new EventSource(path)
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED && !isLeaving) onLost()
  })
  source.addEventListener('message', ({ data }) => {
    onState(JSON.parse(String(data)))
  })
  return () => {
    source.close()
  }
}

/** What went wrong, in a sentence. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
