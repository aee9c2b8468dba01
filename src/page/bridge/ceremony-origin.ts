import { frameOrigin } from '../../credentials/page-side/frame-origin.js'
import type { FrameOrigin } from '../../credentials/page-side/frame-origin.js'
import { UsageError } from '../../errors.js'
import type { FrameUnderTest } from './page-under-test.js'

/**
 * Where a frame’s requests come from, as the browser says.
 * @throws UsageError `origin-invalid` for a document without an origin of the web.
 */
export function ceremonyOriginOf(frame: FrameUnderTest): FrameOrigin {
  return frameOrigin(ownOrigin(frame), ancestors(frame).map(ownOrigin))
}

function ancestors(frame: FrameUnderTest): readonly FrameUnderTest[] {
  const parent = frame.parentFrame()
  return parent === null ? [] : [parent, ...ancestors(parent)]
}

/** `about:srcdoc` and `about:blank` have the origin of the frame around them, and a blob has that of its maker. */
function ownOrigin(frame: FrameUnderTest): string {
  const url = frame.url()
  const parent = frame.parentFrame()
  if (url.startsWith('about:') && parent !== null) return ownOrigin(parent)
  if (/^(blob:)?https?:/.test(url)) return new URL(url).origin
  throw new UsageError('origin-invalid', `a document at ${url} makes no passkeys`)
}
