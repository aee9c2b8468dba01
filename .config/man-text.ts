/** Writes plain text as man(7) reads it: no character of it is a request, and letters beyond ASCII go by their numbers. */
export function manText(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replaceAll('`', '\\(ga')
    .replaceAll("'", '\\(aq')
    .replaceAll('"', '\\(dq')
    .replaceAll(/[^\x00-\x7f]/gu, letter => `\\[u${codeOf(letter)}]`)
  return escaped.replaceAll(/^\./gm, '\\&.')
}

function codeOf(letter: string): string {
  return (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
}

/** Lines as they are. */
export function manLines(lines: readonly string[]): readonly string[] {
  return ['.EX', ...lines.map(line => (line === '' ? '\\&' : manText(line))), '.EE']
}

/** A term, and what it means. */
export function manTerm(term: string, meaning: string): readonly string[] {
  return ['.TP', `\\fB${manText(term)}\\fR`, manText(meaning)]
}
