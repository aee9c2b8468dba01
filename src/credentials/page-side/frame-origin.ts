/** Where a frame’s requests come from, as the browser knows it. */
export interface FrameOrigin {
  /** Such as `https://login.example.com`; `null` in letters for an opaque one. */
  readonly origin: string
  /** That of the top-level page. */
  readonly topOrigin: string
  /** Whether an ancestor has another origin. */
  readonly crossOrigin: boolean
}

/** @param ancestors the origins of the frames around it, the innermost first. */
export function frameOrigin(origin: string, ancestors: readonly string[]): FrameOrigin {
  return {
    origin,
    topOrigin: ancestors.at(-1) ?? origin,
    crossOrigin: ancestors.some(each => each !== origin),
  }
}
