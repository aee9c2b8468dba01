import type { Response } from 'express'
import { Problem, STATUS } from './problem.js'

const MAX_LISTENERS = 32

/** A state that pages follow, sent whole at each change as a server-sent event. */
export class Feed<State> {
  #state: State
  readonly #listeners = new Set<Response>()

  constructor(state: State) {
    this.#state = state
  }

  get state(): State {
    return this.#state
  }

  /** Whether a page is listening. */
  get isFollowed(): boolean {
    return this.#listeners.size > 0
  }

  set(state: State): void {
    this.#state = state
    for (const listener of this.#listeners) listener.write(eventOf(state))
  }

  /** Changes some members; `undefined` takes an optional one away. */
  change(members: { readonly [Name in keyof State]?: State[Name] | undefined }): void {
    this.set({ ...this.#state, ...members })
  }

  /** Keeps the response open until the page leaves. */
  serve(response: Response): void {
    if (this.#listeners.size >= MAX_LISTENERS)
      throw new Problem(STATUS.tooMany, { code: 'too-many', message: 'Too many pages are open.' })
    response.set('Content-Type', 'text/event-stream').flushHeaders()
    response.write(eventOf(this.#state))
    this.#listeners.add(response)
    response.on('close', () => this.#listeners.delete(response))
  }
}

function eventOf(state: unknown): string {
  return `data: ${JSON.stringify(state)}\n\n`
}
