import type { Command } from 'commander'
import { openFileCredentialStore } from '../../adapters/stores/file-credential-store.js'
import type { HybridAuthenticator } from '../../authenticator/hybrid-authenticator.js'
import type { ServeEvent } from '../../authenticator/serve-events.js'
import type { SessionTrace } from '../../driver/session-trace.js'
import { abortedBy } from '../../driver/progress.js'
import { CONSENT_HELP } from '../options/consent.js'
import { endServing } from '../interrupt.js'
import type { Bind, Invocation } from '../invocation.js'
import {
  linkingOf,
  phoneOf,
  readPhoneOptions,
  requireLinkingProfile,
  withPhoneOptions,
} from './phone-parts.js'
import type { PhoneParts } from './phone-parts.js'
import { PhoneWatch } from './watch.js'
import { traced, withTraceOption } from '../options/trace.js'
import { serveEventsTo } from '../text/serve.js'
import { stepsTo } from '../text/steps.js'

const EXAMPLES = `
Keeps a line to the tunnel service, opens it again when it is lost, and answers the laptops that remember this phone, one
after the other, until Ctrl-C (exit code 130) or SIGTERM (exit code 0). Other commands can use the passkeys and links meanwhile. Each call is
shown with the ID of its link and what it asks for; relying party and account are shown when the user is asked.
With --json: {"event":"reachable"}, {"event":"line-lost",…,"retryInMs":…}, for each call {"event":"call",…}, the steps of the
transaction and {"event":"served",…} or {"event":"failed",…}; {"event":"dropped","reason":…,"total":…} for a call that was not
served (malformed, replayed, unlinked, busy); and last {"event":"stopped",…} with the counts.
With --once it ends after one transaction, with the exit code that "phone scan" would have.
${CONSENT_HELP}

Examples:
  fido-hybrid phone serve
  fido-hybrid phone serve --once --consent always --tunnel-url ws://127.0.0.1:4433 --advertise air:ws://127.0.0.1:4434/air --json`

/** The parts of a phone that serves, and what keeps its trace. */
interface ServingParts extends PhoneParts {
  readonly trace: SessionTrace | undefined
}

/** The command that answers linked laptops. */
export function addServeCommand(phone: Command, bind: Bind): void {
  const serve = phone
    .command('serve')
    .description('stay in reach of the laptops that remember this phone, and answer them')
    .option('--once', 'end after one transaction')
    .addHelpText('after', EXAMPLES)
  bind(withTraceOption(withPhoneOptions(serve, 'each transaction')), traced(serveLinked))
}

async function serveLinked(invocation: Invocation, trace: SessionTrace | undefined): Promise<void> {
  const stop = new AbortController()
  const parts = { ...(await readPhoneOptions(invocation, stop)), trace }
  requireLinkingProfile(parts.profile, 'phone serve')
  // A damaged file is found now, before a laptop calls.
  const store = await openFileCredentialStore(parts.store)
  const watch = new PhoneWatch(invocation.output)
  const phone = phoneOf(parts, watch, store, linkingOf(invocation))
  await (invocation.options.flag('once')
    ? watch.judge(serveOnce(phone, parts, invocation, stop))
    : serveAll(phone, parts, invocation, watch))
}

async function serveAll(
  phone: HybridAuthenticator,
  parts: ServingParts,
  { output }: Invocation,
  watch: PhoneWatch,
): Promise<void> {
  const tell = serveEventsTo(output)
  await serve(phone, parts, { output }, event => {
    tell(event)
    if (isEnd(event)) watch.tellFault()
  })
  endServing(parts.signal)
}

async function serveOnce(
  phone: HybridAuthenticator,
  parts: ServingParts,
  { output }: Invocation,
  stop: AbortController,
): Promise<void> {
  const tell = serveEventsTo(output)
  const ends: CallEnd[] = []
  await serve(phone, parts, { output }, event => {
    tell(event)
    if (!isEnd(event)) return
    ends.push(event)
    stop.abort()
  })
  const [end] = ends
  if (end === undefined) throw abortedBy(parts.signal)
  if (end.event === 'failed') throw end.error
}

async function serve(
  phone: HybridAuthenticator,
  { signal, timeouts, trace }: ServingParts,
  { output }: Pick<Invocation, 'output'>,
  onEvent: (event: ServeEvent) => void,
): Promise<void> {
  if ((await phone.links()).length === 0)
    output.note('no laptop remembers this phone yet: use "phone scan --link" first')
  const report = await phone.serve({ signal, timeouts, trace, onEvent, onProgress: stepsTo(output) })
  output.event({ event: 'stopped', ...report })
  const dropped = Object.values(report.dropped).reduce((sum, count) => sum + count, 0)
  output.note(`stopped: ${report.served} served, ${report.failed} failed, ${dropped} dropped`)
}

type CallEnd = Extract<ServeEvent, { event: 'served' | 'failed' }>

function isEnd(event: ServeEvent): event is CallEnd {
  return event.event === 'served' || event.event === 'failed'
}
