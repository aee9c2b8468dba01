import type { Codec } from './codec.js'

/** Where a store keeps its content. */
export interface Kept<Content> {
  /** A copy. */
  read(): Promise<Content>
  /**
   * Changes the content in one step. When `change` throws, nothing changes.
   * @param change gives back what it got to leave the content as it is.
   * @returns a copy of the content afterwards.
   */
  change(change: (content: Content) => Content): Promise<Content>
}

/** Keeps the content as long as the process lives. */
export class KeptInMemory<Content> implements Kept<Content> {
  #content: Content
  readonly #codec: Codec<Content>

  constructor(content: Content, codec: Codec<Content>) {
    this.#content = content
    this.#codec = codec
  }

  read(): Promise<Content> {
    return Promise.resolve(this.#codec.copy(this.#content))
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- async turns errors into rejections
  async change(change: (content: Content) => Content): Promise<Content> {
    this.#content = this.#codec.copy(change(this.#codec.copy(this.#content)))
    return this.#codec.copy(this.#content)
  }
}
