/**
 * What the child process runs that holds a native module. Text, because it has to work unbundled and untranspiled,
 * wherever this library has been bundled into.
 *
 * The modules keep timers and sockets that nothing closes, write to stdout, and may take their process down; here none
 * of that does harm. The child ends when its parent lets go of the channel or dies; `process.exit` lets the module take
 * its scan or its advert off the air.
 *
 * Argument: `[places, package names, names of unfit packages, event names]` as JSON; a place is a path or file URL beside which
 * packages are looked for. In: `{method, args, id?}`, with `id` the method gets a
 * callback. Out: the messages of `host-message.ts`.
 */
export const HOST_PROGRAM: string = `
'use strict'
const { createRequire } = require('node:module')
const [places, packages, unfit, events] = JSON.parse(process.argv[1])

const tell = (message, sent) => process.connected && process.send(message, sent)
const told = error => ({ message: String(error?.message ?? error), code: String(error?.code ?? '') })
function fail(stage, names, error) {
  tell({ type: 'failed', stage, packages: names, error: error && told(error) }, () => process.exit(1))
}

// The parent decides what an interrupt means; the modules would exit.
process.on('SIGINT', () => undefined)
process.on('disconnect', () => process.exit())

function placed(name) {
  for (const place of places) {
    try {
      return createRequire(place).resolve(name)
    } catch {}
  }
}

function load() {
  let failure
  for (const name of packages) {
    const path = placed(name)
    if (path === undefined) continue
    try {
      return [name, require(path)]
    } catch (error) {
      failure ??= [name, error]
    }
  }
  const refused = unfit.filter(name => placed(name) !== undefined)
  if (failure !== undefined) fail('load', [failure[0]], failure[1])
  else if (refused.length > 0) fail('unfit', refused)
  else fail('absent', packages)
  return []
}

function plain(value) {
  if (value instanceof Error) return told(value)
  if (value?.advertisement === undefined) return value
  const { serviceData } = value.advertisement
  const { address, addressType } = value
  const entries = (serviceData ?? []).map(({ uuid, data }) => ({ uuid, data }))
  return { address, addressType, advertisement: { serviceData: entries } }
}

// Adverts without service data count only as long as there are no others.
let hearsServiceData = false
function forward(event, args) {
  const values = args.map(plain)
  const isEmpty = event === 'discover' && values[0].advertisement.serviceData.length === 0
  hearsServiceData ||= event === 'discover' && !isEmpty
  if (!isEmpty || !hearsServiceData) tell({ type: 'event', event, args: values })
}

const [name, radio] = load()
if (radio !== undefined) {
  let stage = 'init'
  process.on('uncaughtException', error => fail(stage, [name], error))
  process.on('message', ({ method, args, id }) => {
    stage = 'crash'
    const values = args.map(value => (value instanceof Uint8Array ? Buffer.from(value) : value))
    const done = error => tell({ type: 'answer', id, error: error ? told(error) : undefined })
    try {
      radio[method](...values, ...(id === undefined ? [] : [done]))
    } catch (error) {
      if (id === undefined) throw error
      done(error)
    }
  })
  tell({ type: 'loaded', package: name })
  // Some events come while the module starts, before it lets anybody listen.
  const { emit } = radio
  radio.emit = (event, ...args) => {
    if (events.includes(event)) forward(event, args)
    return emit.call(radio, event, ...args)
  }
  // Reading the state starts noble, subscribing starts bleno.
  radio.state
  radio.on('stateChange', () => undefined)
  forward('stateChange', [radio.state])
}
`
