// Tries `fido-hybrid` itself, within this process: puts the contract of src/conform/README.md into the words of its commands.
// usage: own.mjs PATH-OF-CLI.JS [NAME-OF-A-PLANTED-DEFECT]
import { createInterface } from 'node:readline'
import { PassThrough, Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'

const { env, argv, stdin, stdout } = process
const [node, , program, defect = ''] = argv
const WORDS = {
  register: () => client('register', ...links('--remember')),
  login: () => client('login'),
  call: () => client('login', ...links('--link')),
  answer: () => phone(),
  serve: () => ['tunnel', 'serve', '--port', env.FIDO_HYBRID_PORT],
}

function client(command, ...links) {
  const given = ['--options', env.FIDO_HYBRID_OPTIONS, '--origin', env.FIDO_HYBRID_ORIGIN]
  return ['client', command, ...given, ...radio('--scan', 'stdin'), ...tunnel(), ...links]
}

function phone() {
  const given = ['--store', `${env.FIDO_HYBRID_FOLDER}/passkeys.json`, '--consent', 'always']
  const link = env.FIDO_HYBRID_LINKS === undefined ? [] : ['--link']
  return [
    'phone',
    'scan',
    env.FIDO_HYBRID_QR,
    ...given,
    ...radio('--advertise', 'stdout'),
    ...tunnel(),
    ...link,
  ]
}

/** With an air hub there are data channels, too. */
function radio(option, lines) {
  const { FIDO_HYBRID_AIR_URL: url } = env
  return url === undefined ? [option, lines] : [option, `air:${url}`, '--data-channel', 'auto']
}

function links(option) {
  return env.FIDO_HYBRID_LINKS === undefined
    ? []
    : [option, '--store', `${env.FIDO_HYBRID_FOLDER}/links.json`]
}

function tunnel() {
  return ['--tunnel-url', env.FIDO_HYBRID_TUNNEL_URL, '--no-proxy']
}

const LINES = {
  listening: ({ url }) => `LISTENING ${url}`,
  qr: ({ url }) => `QR ${url}`,
  advert: ({ uuid, data }) => `ADVERT ${uuid} ${data}`,
  credential: ({ response }) => `RESULT ${JSON.stringify(response)}`,
  assertion: ({ response }) => `RESULT ${JSON.stringify(response)}`,
  error: ({ code, message }) => `ERROR ${code} ${message}`,
}

/** The command writes one event at a time. */
const events = new Writable({
  decodeStrings: false,
  write: (line, _, done) => {
    const event = JSON.parse(line)
    const said = LINES[event.event]?.(event)
    if (said !== undefined) stdout.write(`${said}\n`)
    done()
  },
})

/** What the command reads; it ends with that. */
const adverts = new PassThrough().on('close', () => stdin.destroy())
createInterface({ input: stdin }).on('line', line => adverts.write(`${line.replace('ADVERT ', '')}\n`))

if (env.FIDO_HYBRID_LINKS !== undefined) stdout.write('CAN links\n')
if (env.FIDO_HYBRID_AIR_URL !== undefined) stdout.write('CAN data-channel\n')
process.on('exit', code => {
  if (code === 0 && env.FIDO_HYBRID_OPERATION === 'answer') stdout.write('RESULT {}\n')
})
env.PLANTED_DEFECT = defect
process.argv = [node, program, ...WORDS[env.FIDO_HYBRID_OPERATION](), '--json']
for (const [name, value] of Object.entries({ stdin: adverts, stdout: events }))
  Object.defineProperty(process, name, { value })
await import(pathToFileURL(program))
