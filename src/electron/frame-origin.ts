import type { CallingFrame } from './calling-page.js'

/** Where a request comes from, as the browser knows it. */
export interface FrameOrigin {
  /** Such as `https://login.example.com`; `null` in letters for an opaque one. */
  readonly origin: string
  /** That of the top-level page. */
  readonly topOrigin: string
  /** Whether an ancestor has another origin. */
  readonly crossOrigin: boolean
}

/** The frame, its parent, and so on up to the top-level page. */
export function lineage(frame: CallingFrame): readonly CallingFrame[] {
  return frame.parent === null ? [frame] : [frame, ...lineage(frame.parent)]
}

export function originOfFrame(frame: CallingFrame): FrameOrigin {
  const { origin } = frame
  const origins = lineage(frame).map(each => each.origin)
  return {
    origin,
    topOrigin: origins.at(-1) ?? origin,
    crossOrigin: origins.some(each => each !== origin),
  }
}
