/** HTTP statuses of the demo relying party. */
export const STATUS = {
  ok: 200,
  bad: 400,
  forbidden: 403,
  notFound: 404,
  wrongMethod: 405,
  tooLarge: 413,
} as const

/** A request that cannot be served. */
export class HttpFailure extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}
