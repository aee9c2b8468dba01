// Tries `fido-hybrid` itself: puts the contract of src/conform/README.md into the words of its commands.
// usage: own.mjs PATH-OF-CLI.JS [NAME-OF-A-PLANTED-DEFECT]
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const { env, argv } = process
const [, , program, defect = ''] = argv
const WORDS = {
  register: () => client('register'),
  login: () => client('login'),
  answer: () => phone(),
  serve: () => ['tunnel', 'serve', '--port', env.FIDO_HYBRID_PORT],
}

function client(command) {
  const given = ['--options', env.FIDO_HYBRID_OPTIONS, '--origin', env.FIDO_HYBRID_ORIGIN]
  return [
    'client',
    command,
    ...given,
    ...radio('--scan', 'stdin'),
    '--tunnel-url',
    env.FIDO_HYBRID_TUNNEL_URL,
    '--no-proxy',
  ]
}

function phone() {
  const files = ['--store', `${env.FIDO_HYBRID_FOLDER}/passkeys.json`]
  const given = [
    '--consent',
    'always',
    ...radio('--advertise', 'stdout'),
    '--tunnel-url',
    env.FIDO_HYBRID_TUNNEL_URL,
  ]
  return ['phone', 'scan', env.FIDO_HYBRID_QR, ...files, ...given, '--no-proxy']
}

/** With an air hub there are data channels, too. */
function radio(option, lines) {
  const { FIDO_HYBRID_AIR_URL: url } = env
  return url === undefined ? [option, lines] : [option, `air:${url}`, '--data-channel', 'auto']
}

const LINES = {
  listening: ({ url }) => `LISTENING ${url}`,
  qr: ({ url }) => `QR ${url}`,
  advert: ({ uuid, data }) => `ADVERT ${uuid} ${data}`,
  credential: ({ response }) => `RESULT ${JSON.stringify(response)}`,
  assertion: ({ response }) => `RESULT ${JSON.stringify(response)}`,
  error: ({ code, message }) => `ERROR ${code} ${message}`,
}

if (env.FIDO_HYBRID_AIR_URL !== undefined) console.log('CAN data-channel')
const words = WORDS[env.FIDO_HYBRID_OPERATION]()
const child = spawn(process.execPath, [program, ...words, '--json'], {
  env: { ...env, PLANTED_DEFECT: defect },
  stdio: ['pipe', 'pipe', 'inherit'],
})
createInterface({ input: child.stdout }).on('line', line => {
  const event = JSON.parse(line)
  const said = LINES[event.event]?.(event)
  if (said !== undefined) console.log(said)
})
createInterface({ input: process.stdin }).on('line', line =>
  child.stdin.write(`${line.replace('ADVERT ', '')}\n`),
)
child.stdin.on('error', () => undefined)
child.on('close', (code, signal) => {
  process.exitCode = code ?? 1
  if (code === 0 && env.FIDO_HYBRID_OPERATION === 'answer') console.log('RESULT {}')
  if (signal !== null) process.kill(process.pid, signal)
  process.stdin.destroy()
})
