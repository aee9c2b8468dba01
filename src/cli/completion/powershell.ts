import type { CommandNode, Completed } from './command-tree.js'

/** For PowerShell from 5.1 on. Where the answer is empty, PowerShell completes names of files. */
export function powershellScript(tree: readonly CommandNode[]): string {
  return `# fido-hybrid completion for PowerShell
Register-ArgumentCompleter -Native -CommandName fido-hybrid -ScriptBlock {
  param($word, $line, $cursor)
  $words = @{
${tree.map(wordsEntry).join('\n')}
  }
  $values = @{
${tree.flatMap(valueEntries).join('\n')}
  }
  $at = ''
  $previous = ''
  foreach ($element in @($line.CommandElements | Select-Object -Skip 1)) {
    if ($element.Extent.EndOffset -ge $cursor) { break }
    $previous = $element.ToString()
    if ($words.ContainsKey("$at $previous")) { $at = "$at $previous" }
  }
  $found = if ($values.ContainsKey("$at|$previous")) { $values["$at|$previous"] } else { $words[$at] }
  foreach ($each in $found) {
    $text, $means = $each -split '=', 2
    if ($text.StartsWith($word, [StringComparison]::Ordinal)) {
      [Management.Automation.CompletionResult]::new($text, $text, 'ParameterValue', $means)
    }
  }
}
`
}

function wordsEntry({ path, subcommands, operands, options }: CommandNode): string {
  const all = [...subcommands, ...operands.map(word => ({ word, means: word })), ...options]
  return `    ${quoted(path)} = @(${all.map(described).join(', ')})`
}

function valueEntries({ path, options }: CommandNode): readonly string[] {
  return options.flatMap(({ word, value }) => {
    if (value === undefined) return []
    const known = typeof value === 'string' ? [] : value.map(each => described({ word: each, means: each }))
    return [`    ${quoted(`${path}|${word}`)} = @(${known.join(', ')})`]
  })
}

function described({ word, means }: Completed): string {
  return quoted(`${word}=${means}`)
}

/** PowerShell also takes typographic quotes for quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll(/['‘’‚‛]/g, '$&$&')}'`
}
