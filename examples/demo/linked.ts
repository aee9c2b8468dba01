import { EventEmitter, once } from 'node:events'
import type { CeremonySettings, HybridAuthenticator } from 'fido-hybrid'
import type { DemoOptions } from './demo.js'
import { deviceStep, serveStep } from './steps.js'

/** What the laptop watches and ends its ceremony with. */
type Settings = Pick<CeremonySettings, 'signal' | 'onProgress'>

/** One ceremony by link, with a phone that serves its links for so long; settles when both are done. */
export async function whileServing<Response>(
  phone: HybridAuthenticator,
  { narrator, signal }: Pick<DemoOptions, 'narrator' | 'signal'>,
  act: (settings: Settings) => Promise<Response>,
): Promise<Response> {
  const ended = new AbortController()
  const onProgress: NonNullable<Settings['onProgress']> = event =>
    narrator.tell(deviceStep(event, 'linked-sign-in'))
  const heard = new EventEmitter()
  const [reachable, done] = [once(heard, 'reachable'), once(heard, 'done')]
  const serving = phone.serve({
    onProgress,
    signal: AbortSignal.any([signal, ended.signal]),
    onEvent: event => {
      narrator.tell(serveStep(event))
      heard.emit(event.event === 'served' || event.event === 'failed' ? 'done' : event.event)
    },
  })
  try {
    await Promise.race([reachable, serving])
    const response = await act({ signal, onProgress })
    // The laptop’s goodbye takes a moment to reach the phone.
    await Promise.race([done, serving])
    return response
  } finally {
    ended.abort()
    await Promise.allSettled([serving])
  }
}
