const SPECIAL = /[\\^$.+?()[\]{}|]/g

/** Whether a name fits a pattern: `*` stands for any letters, everything else for itself. */
export function fitsGlob(name: string, glob: string): boolean {
  const source = glob.replace(SPECIAL, String.raw`\$&`).replaceAll('*', '.*')
  return new RegExp(`^${source}$`).test(name)
}

/** The members whose names fit one of the patterns; all without a pattern. */
export function selected<Named extends { readonly name: string }>(
  all: readonly Named[],
  globs: readonly string[],
): readonly Named[] {
  if (globs.length === 0) return all
  return all.filter(({ name }) => globs.some(glob => fitsGlob(name, glob)))
}
