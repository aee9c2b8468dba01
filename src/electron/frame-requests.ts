import { RequestTurn } from '../credentials/request-turn.js'
import type { CallingContents, CallingFrame } from './calling-page.js'
import { lineage } from './frame-origin.js'

/** Which request of a frame: its document, and the number that this gave to it. */
export interface AskedRequest {
  readonly document: string
  readonly request: number
}

interface FrameRequest extends AskedRequest {
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
    { document, request: number }: AskedRequest,
    work: (controller: AbortController) => Promise<Result>,
  ): Promise<Result> {
    const { frameTreeNodeId: id } = frame
    const turn = this.#turns.get(id) ?? new RequestTurn()
    this.#turns.set(id, turn)
    const controller = new AbortController()
    const frameIds = lineage(frame).map(each => each.frameTreeNodeId)
    const request = { document, request: number, frameIds, controller }
    this.#running.add(request)
    try {
      return await turn.run(controller.signal, () => work(controller))
    } finally {
      this.#running.delete(request)
    }
  }

  /** Ends a request, as its page wants. */
  end({ frameTreeNodeId: id }: CallingFrame, { document, request }: AskedRequest): void {
    this.#abort(
      ({ frameIds: [own], ...each }) => own === id && each.document === document && each.request === request,
    )
  }

  /** The frame has this document from now on. */
  begin({ frameTreeNodeId: id }: CallingFrame, document: string): void {
    this.#abort(({ frameIds: [own], ...each }) => own === id && each.document !== document)
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
