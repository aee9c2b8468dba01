import { RequestTurn } from '../credentials/request-turn.js'
import type { CallingContents, CallingFrame } from './calling-page.js'
import { lineage } from './frame-origin.js'

interface FrameRequest {
  /** Of the frame and its ancestors. */
  readonly frameIds: readonly number[]
  readonly controller: AbortController
}

/** One page’s requests: one at a time for each frame, which ends with the frame’s document. */
export class FrameRequests {
  readonly #turns = new Map<number, RequestTurn>()
  readonly #running = new Set<FrameRequest>()

  constructor(contents: CallingContents) {
    contents.on('did-start-navigation', ({ isSameDocument, frame }) => {
      if (!isSameDocument) this.#leave(frame)
    })
    contents.on('render-process-gone', () => this.abortAll())
    contents.on('destroyed', () => this.abortAll())
  }

  /** @throws UsageError `session-misused` while the frame has another request; the signal’s reason; what the work throws. */
  async run<Result>(
    frame: CallingFrame,
    work: (controller: AbortController) => Promise<Result>,
  ): Promise<Result> {
    const { frameTreeNodeId: id } = frame
    const turn = this.#turns.get(id) ?? new RequestTurn()
    this.#turns.set(id, turn)
    const controller = new AbortController()
    const request = { frameIds: lineage(frame).map(each => each.frameTreeNodeId), controller }
    this.#running.add(request)
    try {
      return await turn.run(controller.signal, () => work(controller))
    } finally {
      this.#running.delete(request)
    }
  }

  /** Ends the frame’s request, as its page wants. */
  cancel({ frameTreeNodeId: id }: CallingFrame): void {
    this.#abort(({ frameIds: [own] }) => own === id)
  }

  abortAll(): void {
    this.#abort(() => true)
    this.#turns.clear()
  }

  /** A frame’s document goes, and with it those of all frames inside. */
  #leave(frame: CallingFrame | null): void {
    this.#abort(({ frameIds }) => frame === null || frameIds.includes(frame.frameTreeNodeId))
  }

  #abort(isMeant: (request: FrameRequest) => boolean): void {
    for (const request of [...this.#running].filter(isMeant)) request.controller.abort()
  }
}
