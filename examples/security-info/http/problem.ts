import type { ErrorRequestHandler, RequestHandler } from 'express'
import type { ProblemView } from '../wire/site.js'

export const STATUS = {
  created: 201,
  accepted: 202,
  noContent: 204,
  bad: 400,
  unauthorised: 401,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  tooLarge: 413,
  misdirected: 421,
  tooMany: 429,
  internal: 500,
} as const

/** A request that is turned down: a status for machines, a code for the page, a sentence for people. */
export class Problem extends Error {
  readonly status: number
  readonly view: ProblemView

  constructor(status: number, view: ProblemView) {
    super(view.message)
    this.status = status
    this.view = view
  }
}

/** A body or a parameter that is not as it should be. */
export function malformed(message: string): Problem {
  return new Problem(STATUS.bad, { code: 'malformed', message })
}

export const notFound: RequestHandler = () => {
  throw new Problem(STATUS.notFound, { code: 'not-found', message: 'There is nothing here.' })
}

/**
 * Tells the page what went wrong.
 * @param onFault hears of the program’s own mistakes, of which pages learn nothing.
 */
export function tellProblems(onFault: (error: unknown) => void): ErrorRequestHandler {
  // Express knows a handler of errors by its four parameters.
  return (error: unknown, _request, response, next) => {
    const problem = asProblem(error)
    if (problem.status >= STATUS.internal) onFault(error)
    if (response.headersSent) next(error)
    else response.status(problem.status).json({ error: problem.view })
  }
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const status = statusOf(error)
  if (status === STATUS.tooLarge)
    return new Problem(status, { code: 'too-large', message: 'The request is too large.' })
  if (status !== undefined && status < STATUS.internal) return malformed('The request cannot be read.')
  return new Problem(STATUS.internal, { code: 'internal', message: 'Something went wrong on our side.' })
}

/** Express’s own parsers say in `status` whose fault it is. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined
  return typeof error.status === 'number' ? error.status : undefined
}
