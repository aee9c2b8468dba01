import { Option } from 'commander'
import { alwaysApprove, alwaysRefuse } from '../virtual/consent.js'
import type { Consent } from '../virtual/consent.js'
import { terminalConsent } from './consent-prompt.js'
import { badUsage } from './failure.js'
import type { Invocation } from './invocation.js'

/** `--consent`, whose values `chooseConsent` knows. */
export function consentOption(): Option {
  return new Option('--consent <who>', 'who approves: ask (at this terminal), or always|never without asking')
    .choices(['ask', 'always', 'never'])
    .default('ask')
}

/**
 * Chooses who approves.
 * @param onInterrupt what Ctrl-C does at the prompt.
 * @throws CommandLineError when there is no terminal to ask at.
 */
export function chooseConsent(
  { options, operands, surroundings }: Invocation,
  onInterrupt: () => void,
): Consent {
  const { stdin: input, stderr: output } = surroundings
  switch (options.requiredText('consent')) {
    case 'always':
      return alwaysApprove()
    case 'never':
      return alwaysRefuse()
    default:
      if (input.isTTY !== true || operands[0] === '-')
        throw badUsage('--consent ask needs a terminal on stdin to ask at; pass --consent always or never')
      return terminalConsent({ input, output, onInterrupt })
  }
}
