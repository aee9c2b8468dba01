/**
 * What a person types to start this command again. npx starts a command that no folder of PATH has, and says so in its environment.
 * @param env of the process.
 */
export function ownName(env: Readonly<Record<string, string | undefined>>): string {
  return env['npm_command'] === 'exec' ? 'npx fido-hybrid' : 'fido-hybrid'
}
