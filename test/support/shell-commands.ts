/** One command of a shell script, in words without their quotes. */
export type ShellCommand = readonly string[]

const KEYWORDS = new Set(['for', 'do', 'done', 'if', 'then', 'fi', 'while', 'in'])
/** One word, an operator that ends a command, or a comment. */
const TOKEN =
  /(?<comment>(?<=^|\s)#[^\n]*)|(?<end>&&|\|\|?|;|\n)|(?<word>(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\;|&])+)/g

/** The commands of a script, in order; what stands between `$(` and `)` is a part of its word. */
export function shellCommands(script: string): ShellCommand[] {
  const commands: string[][] = [[]]
  for (const { groups } of script.replaceAll(/\\\n */g, '').matchAll(TOKEN)) {
    if (groups?.['end'] !== undefined) commands.push([])
    if (groups?.['word'] !== undefined) commands.at(-1)?.push(unquoted(groups['word']))
  }
  return commands.map(withoutSurroundings).filter(({ length }) => length > 0)
}

const unquoted = (word: string): string => word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2')

/** Without what sets a variable, steers the shell or leads output elsewhere. */
function withoutSurroundings(words: readonly string[]): ShellCommand {
  if (words[0] === 'for') return []
  const from = words.findIndex(word => !/^[A-Z_]+=/.test(word) && !KEYWORDS.has(word))
  const to = words.findIndex(word => /^\d?[<>]/.test(word))
  return from < 0 ? [] : words.slice(from, to < 0 ? undefined : to)
}
