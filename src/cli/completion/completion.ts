import { Argument } from 'commander'
import type { AddCommands } from '../invocation.js'
import { bashScript } from './bash.js'
import { commandTree } from './command-tree.js'
import type { CommandNode } from './command-tree.js'
import { fishScript } from './fish.js'
import { powershellScript } from './powershell.js'
import { zshScript } from './zsh.js'

// Written out once, so that a Tab costs nothing: the libraries for this start the program at each Tab.
const SCRIPTS: ReadonlyMap<string, (tree: readonly CommandNode[]) => string> = new Map([
  ['bash', bashScript],
  ['zsh', zshScript],
  ['fish', fishScript],
  ['powershell', powershellScript],
])

const EXAMPLES = `
Write it anew after an update. With --json: {"event":"completion","shell":…,"script":…}.

Examples:
  fido-hybrid completion bash > ~/.local/share/bash-completion/completions/fido-hybrid
  fido-hybrid completion zsh > "\${fpath[1]}/_fido-hybrid"
  fido-hybrid completion fish > ~/.config/fish/completions/fido-hybrid.fish
  source <(fido-hybrid completion bash)
  fido-hybrid completion powershell | Out-String | Invoke-Expression`

/** The command that teaches a shell all commands. */
export const addCompletionCommand: AddCommands = (completion, bind) => {
  completion
    .addArgument(new Argument('<shell>', 'whose script it is').choices([...SCRIPTS.keys()]))
    .addHelpText('after', EXAMPLES)
  bind(completion, ({ operands, output }) => {
    const [shell = ''] = operands
    const script = SCRIPTS.get(shell)?.(commandTree(completion.parent ?? completion)) ?? ''
    output.event({ event: 'completion', shell, script })
    output.result(script.trimEnd())
    return Promise.resolve()
  })
}
