import type { DefaultTheme } from 'vitepress'

/** Signatures and examples, which name all that is around a symbol. */
const CODE = /^```[^]*?^```$/gm

/** “Properties”, “Parameters”, “Returns”, “Throws”: headings on every page of the reference. */
const GENERIC_HEADING = /(?<=<\/?)h[2456]\b/g

/**
 * What the search knows of a page, as HTML. Of the reference it has symbols and their members, each with its words. No code is
 * coloured for it, which is most of the time that a page takes.
 */
export const searchText: NonNullable<DefaultTheme.LocalSearchOptions['_render']> = (text, env, md) => {
  const { highlight } = md.options
  md.options.highlight = null
  try {
    return env.relativePath.startsWith('reference/')
      ? md.render(text.replace(CODE, ''), env).replace(GENERIC_HEADING, 'p')
      : md.render(text, env)
  } finally {
    md.options.highlight = highlight
  }
}
