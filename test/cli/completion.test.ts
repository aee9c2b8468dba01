import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { eventsOf, runHere } from '../support/run-cli.js'
import { useFolderPerTest } from '../support/test-folder.js'

const folder = useFolderPerTest()

const scripts = new Map<string, string>()
beforeAll(async () => {
  for (const shell of ['bash', 'zsh', 'fish', 'powershell'])
    scripts.set(shell, (await runHere(['completion', shell])).stdout)
})

/** Each completes the last word of a line. What an empty list leaves to file names is told as `FILES`. */
const COMPLETE: Readonly<Record<string, (words: readonly string[]) => readonly string[]>> = {
  bash: words => [
    'bash',
    '-c',
    `compopt() { FILES=no; }; source "$1"; shift
     COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); FILES=yes; _fido_hybrid
     printf '%s\\n' "\${COMPREPLY[@]}"; [ \${#COMPREPLY[@]} = 0 ] && [ $FILES = yes ] && echo FILES; true`,
    'bash',
    folder.at('bash'),
    ...words,
  ],
  zsh: words => [
    'zsh',
    '-fc',
    `compdef() {}; _files() { print FILES }; compadd() { shift; print -l -- "$@" }
     _describe() { print -l -- \${(P)@[-1]} | sed 's/:.*//' }
     source "$1"; shift; words=("$@"); CURRENT=$#; _fido_hybrid`,
    'zsh',
    folder.at('zsh'),
    ...words,
  ],
  fish: words => [
    'fish',
    '--no-config',
    '-c',
    `cd ${folder.at('.')}; source ${folder.at('fish')}; complete -C '${words.join(' ')}'`,
  ],
}

async function completed(shell: string, line: string): Promise<readonly string[]> {
  await writeFile(folder.at(shell), scripts.get(shell) ?? '')
  const [program = '', ...args] = COMPLETE[shell]?.(line.split(' ')) ?? []
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const words = stdout.split('\n').map(each => each.split('\t')[0] ?? '')
  return words.filter(word => word !== '').map(word => (word === shell ? 'FILES' : word))
}

const installed = ['bash', 'zsh', 'fish'].filter(shell => spawnSync(shell, ['--version']).error === undefined)

describe.each(installed)('%s completes', shell => {
  test.each([
    ['fido-hybrid ', ['client', 'phone', 'tunnel', 'lab', 'inspect', 'doctor', 'trial', 'completion']],
    ['fido-hybrid client ', ['register', 'login', 'links']],
    ['fido-hybrid client links ', ['list', 'forget']],
    ['fido-hybrid --json phone ', ['scan', 'serve', 'links', 'unlink', 'list', 'show', 'rename', 'delete']],
    ['fido-hybrid client register --', ['--options', '--origin', '--qr-image', '--scan', '--json', '--help']],
    ['fido-hybrid phone delete --store x --', ['--yes', '--store']],
    ['fido-hybrid phone scan --profile ', ['generic', 'ios', 'android', 'ms-authenticator']],
    ['fido-hybrid completion ', ['bash', 'zsh', 'fish', 'powershell'].filter(each => each !== shell)],
    ['fido-hybrid phone list --store ', ['FILES']],
    ['fido-hybrid trial --out ', ['FILES']],
    ['fido-hybrid doctor --for ', ['roles', 'page-tests']],
    ['fido-hybrid phone scan --from ', ['camera', 'paste', 'opened-url']],
  ])('%s', async (line, words) => {
    expect(await completed(shell, line)).toEqual(expect.arrayContaining(words))
  })

  test('no values that it cannot know', async () => {
    expect(await completed(shell, 'fido-hybrid client login --origin ')).toEqual([])
  })

  test('names of files, where an operand is one', async () => {
    for (const command of ['replay', 'inspect', 'conform client'])
      expect(await completed(shell, `fido-hybrid ${command} `), command).toContain('FILES')
    expect(await completed(shell, 'fido-hybrid lab ')).not.toContain('FILES')
  })

  test('no options of other commands', async () => {
    expect(await completed(shell, 'fido-hybrid tunnel serve --')).not.toContain('--qr-image')
    expect(await completed(shell, 'fido-hybrid phone list --')).not.toContain('--yes')
  })
})

test('bash narrows down to what was typed', async () => {
  expect(await completed('bash', 'fido-hybrid client re')).toEqual(['register'])
  expect(await completed('bash', 'fido-hybrid phone scan --prof')).toEqual(['--profile'])
})

/** What PowerShell completes the line to, in a process of its own. */
async function inPowershell(line: string): Promise<readonly string[]> {
  await writeFile(folder.at('completion.ps1'), scripts.get('powershell') ?? '')
  const found = `(TabExpansion2 -inputScript '${line}' -cursorColumn ${line.length}).CompletionMatches`
  const command = `. '${folder.at('completion.ps1')}'; ${found}.CompletionText`
  const { stdout } = spawnSync('pwsh', ['-NoProfile', '-Command', command], { encoding: 'utf8' })
  return stdout.split(/\r?\n/).filter(word => word !== '')
}

test.for<[line: string, words: string[]]>([
  ['fido-hybrid ', ['client', 'phone', 'completion']],
  ['fido-hybrid client links ', ['list', 'forget']],
  ['fido-hybrid phone scan --profile ', ['generic', 'ios', 'android']],
  ['fido-hybrid phone scan --prof', ['--profile']],
])('powershell completes %s', async ([line, words], context) => {
  context.skip(spawnSync('pwsh', ['-Version']).error !== undefined, 'There is no PowerShell here.')
  expect(await inPowershell(line)).toEqual(expect.arrayContaining(words))
})

test('powershell ends no text at a quote within it, typographic ones included', () => {
  const script = scripts.get('powershell') ?? ''
  expect(script).toContain("'--max-qr-age=")
  expect(script).toContain('relying party’’s origin')
  for (const text of script.matchAll(/'((?:[^'‘’‚‛]|(['‘’‚‛])\2)*)'/g)) expect(text[1]).not.toMatch(/\n/)
})

test('every command and option that help names is in every script', async () => {
  const { stdout } = await runHere(['phone', 'scan', '--help'])
  const options = new Set(stdout.match(/^ {2}--[a-z-]+/gm)?.map(option => option.trim()))
  expect(options.size).toBeGreaterThan(15)
  for (const option of options)
    for (const script of scripts.values()) expect(script).toContain(option.replace('--', ''))
})

test('programs get the script as an event', async () => {
  const run = await runHere(['completion', 'bash', '--json'])
  expect(eventsOf(run)).toEqual([{ event: 'completion', shell: 'bash', script: scripts.get('bash') }])
})
