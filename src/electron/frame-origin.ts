import { frameOrigin } from '../credentials/page-side/frame-origin.js'
import type { FrameOrigin } from '../credentials/page-side/frame-origin.js'
import type { CallingFrame } from './calling-page.js'

/** The frame, its parent, and so on up to the top-level page. */
export function lineage(frame: CallingFrame): readonly CallingFrame[] {
  return frame.parent === null ? [frame] : [frame, ...lineage(frame.parent)]
}

export function originOfFrame(frame: CallingFrame): FrameOrigin {
  const [, ...ancestors] = lineage(frame).map(each => each.origin)
  return frameOrigin(frame.origin, ancestors)
}
