import type { Command, Help } from 'commander'
import { helpNotes, isExamples, tableRows } from './help-notes.js'
import type { HelpNote } from './help-notes.js'
import { manLines, manTerm, manText } from './man-text.js'

/** What the headings below the options of the program itself are in a manual. */
const SECTIONS: Readonly<Record<string, string>> = {
  'Exit codes': 'EXIT STATUS',
  Environment: 'ENVIRONMENT',
  Files: 'FILES',
}

/**
 * Writes the manual of a program, as man(7) reads it, from what `--help` prints.
 * @param date when the version came out, as `2026-01-31`.
 */
export function manPage(program: Command, version: string, date: string): string {
  const commands = program.commands.flatMap(documented)
  const examples = commands.flatMap(command => notesOf(command).filter(isExamples))
  const lines = [
    `.TH ${program.name().toUpperCase()} 1 "${date}" "${program.name()} ${version}" "User Commands"`,
    // No option is taken apart at the end of a line.
    '.ad l',
    '.nr HY 0',
    '.SH NAME',
    `${manText(program.name())} \\- ${manText(lowered(program.description()))}`,
    '.SH SYNOPSIS',
    ...parted(commands.map(command => [usage(command)])),
    '.SH DESCRIPTION',
    manText(program.description()),
    'Each command has a section below.',
    '.SH GLOBAL OPTIONS',
    ...optionsOf(program),
    '.SH COMMANDS',
    ...commands.flatMap(commandSection),
    ...notesOf(program).flatMap(tableSection),
    '.SH EXAMPLES',
    ...parted(examples.map(({ lines: shown }) => manLines(shown.map(line => line.slice(2))))),
  ]
  return `${lines.join('\n')}\n`
}

/** Paragraphs, with what parts them in between. */
function parted(paragraphs: readonly (readonly string[])[]): readonly string[] {
  return paragraphs.flatMap((lines, at) => (at === 0 ? lines : ['.PP', ...lines]))
}

/** The commands that do something, or of which something is said, in the order of the help. */
function documented(command: Command): readonly Command[] {
  const { commands } = command
  const own = commands.length === 0 || notesOf(command).length > 0 ? [command] : []
  return [...own, ...commands.flatMap(documented)]
}

function commandSection(command: Command): readonly string[] {
  const help = command.createHelp()
  const operands = help.visibleArguments(command)
  return [
    `.SS ${manText(pathOf(command))}`,
    usage(command),
    '.PP',
    manText(sentence(command.description())),
    ...operands.flatMap(operand => manTerm(help.argumentTerm(operand), help.argumentDescription(operand))),
    ...optionsOf(command, help),
    ...notesOf(command)
      .filter(note => !isExamples(note))
      .flatMap(note),
  ]
}

function note({ heading, lines }: HelpNote): readonly string[] {
  if (heading === undefined) return ['.PP', ...lines.map(manText)]
  return ['.PP', ...(heading === '' ? [] : [`${manText(heading)}:`]), ...manLines(lines)]
}

function tableSection({ heading = '', lines }: HelpNote): readonly string[] {
  const rows = tableRows(lines).flatMap(([word, meaning]) => manTerm(word, meaning))
  return [`.SH ${SECTIONS[heading] ?? heading.toUpperCase()}`, ...rows]
}

function optionsOf(command: Command, help: Help = command.createHelp()): readonly string[] {
  return help
    .visibleOptions(command)
    .filter(({ long }) => long !== '--help' || command.parent === null)
    .flatMap(option => manTerm(help.optionTerm(option), help.optionDescription(option)))
}

function usage(command: Command): string {
  return `\\fB${manText(pathOf(command))}\\fR ${manText(command.usage())}`
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}

/** What stands below the options: commander prints it and keeps it nowhere. */
function notesOf(command: Command): readonly HelpNote[] {
  let printed = ''
  command.configureOutput({ writeOut: text => (printed += text) })
  command.outputHelp()
  return helpNotes(printed.slice(command.helpInformation().length))
}

function lowered(text: string): string {
  return (text.charAt(0).toLowerCase() + text.slice(1)).replace(/\.$/, '')
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
