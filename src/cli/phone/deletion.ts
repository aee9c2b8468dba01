import { abortedBy } from '../../driver/progress.js'
import { UsageError } from '../../errors.js'
import type { StoredCredential } from '../../ports/credential-store.js'
import { badUsage } from '../failure.js'
import { Interruption } from '../interruption.js'
import type { Invocation } from '../invocation.js'
import { passkeyLine } from '../text/passkey.js'
import { printableRpId } from '../text/printable.js'
import { confirmAt } from './consent-prompt.js'

export const DELETE_HELP = `
Asks first, at a terminal; elsewhere it needs --yes. A deleted passkey cannot be restored. The site does not learn of it: also delete
the passkey in the settings of the account there. Be sure that there is another way to sign in.`

/**
 * Asks whether a passkey is to be deleted, unless `--yes` says so.
 * @throws CommandLineError without `--yes` and without a terminal. @throws UsageError `aborted` for a no, and for Ctrl-C.
 */
export async function confirmDeletion(
  passkey: StoredCredential,
  { options, surroundings }: Invocation,
): Promise<void> {
  if (options.flag('yes')) return
  const { stdin: input, stderr: output } = surroundings
  if (input.isTTY !== true)
    throw badUsage(
      'phone delete asks at a terminal, and stdin is not one; pass --yes to delete without a question',
    )
  const stop = new AbortController()
  const signal = AbortSignal.any([surroundings.signal, stop.signal])
  const onInterrupt = (): void => stop.abort(new Interruption('SIGINT'))
  const isSure = await confirmAt({ input, output, onInterrupt }, question(passkey), signal)
  if (signal.aborted) throw abortedBy(signal)
  if (!isSure) throw new UsageError('aborted', 'the answer was no: nothing is deleted')
}

function question(passkey: StoredCredential): string {
  return `${passkeyLine(passkey)}\nDelete it for good? ${siteKeepsText(passkey)}\n[y, or N] `
}

/** The reminder that a deleted passkey is still known to its site. */
export function siteKeepsText({ rpId }: StoredCredential): string {
  return `The site does not learn of it: also delete it in your account at ${printableRpId(rpId)}.`
}
