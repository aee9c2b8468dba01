/** What has been noted, in order, and a way to wait for the next. */
export interface Notes<Note> {
  readonly seen: readonly Note[]
  readonly note: (note: Note) => void
  /** The next one that has not been taken yet. */
  readonly next: () => Promise<Note>
}

export function takeNotes<Note>(): Notes<Note> {
  const seen: Note[] = []
  let taken = 0
  let wake: () => void = () => undefined
  return {
    seen,
    note(note) {
      seen.push(note)
      wake()
    },
    async next() {
      while (seen.length <= taken)
        await new Promise<void>(resolve => {
          wake = resolve
        })
      const note = seen[taken++]
      if (note === undefined) throw new Error('nothing was noted')
      return note
    },
  }
}
