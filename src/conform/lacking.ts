import type { Ability } from './contract.js'
import type { DrivenCommand } from './driven-command.js'
import type { Scene } from './scene.js'

const WHY_MAX = 200

/** Waits for what a command says first. @returns why a case does not apply to it; undefined where the command says that it can. */
export async function lackOf(
  scene: Scene,
  command: DrivenCommand,
  ability: Ability,
): Promise<string | undefined> {
  const told = new Promise<void>(resolve => {
    command.onLine(line => {
      if (line.kind !== 'can' || line.ability === ability) resolve()
    })
  })
  await scene.wait(scene.setting.timeoutMs, told, command.gone)
  if (command.can(ability)) return undefined
  const { said } = command.end
  return `the command does not say CAN ${ability}${said?.kind === 'error' ? `: ${said.text.slice(0, WHY_MAX)}` : ''}`
}
