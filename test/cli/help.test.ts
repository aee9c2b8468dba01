import { describe, expect, test } from 'vitest'
import { runHere } from '../support/run-cli.js'

const SHARED = ['--tunnel-url', '--tls-ca', '--tls-insecure', '--proxy', '--no-proxy', '--timeout', '--json']
const AHEAD = '--no-preconnect'
const TRACES = ['--trace <file>', '--trace-secrets <file>']
const LINKS = ['--remember', '--link [name]', '--store']

describe('help', () => {
  test.each([
    [
      '',
      [
        'client',
        'phone',
        'tunnel',
        'lab',
        'inspect',
        'replay',
        'doctor',
        'trial',
        'completion',
        '--version',
        'Exit codes:',
        '130  ended by Ctrl-C',
      ],
    ],
    ['client', ['register', 'login', 'digital', 'links', '--json']],
    [
      'client register',
      [
        '--options',
        '--origin',
        '--qr-image',
        '--scan',
        'air:URL',
        'stdin',
        'goodbye',
        AHEAD,
        ...TRACES,
        ...LINKS,
        ...SHARED,
      ],
    ],
    [
      'client login',
      [
        '--options',
        '--origin',
        '--qr-image',
        '--scan',
        'air:URL',
        'stdin',
        'goodbye',
        AHEAD,
        ...TRACES,
        ...LINKS,
        ...SHARED,
      ],
    ],
    [
      'client digital',
      [
        '--options',
        '--origin',
        '--qr-image',
        '--scan',
        'air:URL',
        '"event":"digital"',
        AHEAD,
        ...TRACES,
        ...SHARED,
      ],
    ],
    ['client links', ['list', 'forget', '--json']],
    ['client links list', ['--store', '--json']],
    ['client links forget', ['<name>', '--store', '--json']],
    ['phone', ['scan', 'serve', 'links', 'unlink', 'list', 'show', 'rename', 'delete']],
    [
      'phone serve',
      ['--once', '--advertise', '--tunnel-service', '--identity', '--consent', ...TRACES, ...SHARED],
    ],
    ['phone links', ['--store', '--identity', '--json']],
    ['phone unlink', ['[id]', '--all', '--store', '--identity', '--json']],
    [
      'phone scan',
      [
        ...[
          '--image',
          '--advertise',
          'air:URL',
          '--tunnel-service',
          '--store',
          '--consent',
          'never',
          '--link',
          '--name',
          '--wallet',
        ],
        ...[AHEAD, ...TRACES, '--profile', 'android', 'ios', 'ms-authenticator', 'generic', ...SHARED],
      ],
    ],
    ['phone list', ['--store', '--json']],
    ['phone show', ['<id>', '--store', '--json']],
    ['phone rename', ['<id>', '<name>', '--store', '--json', '256']],
    ['phone delete', ['<id>', '--yes', '--store', '--json', '4 letters', 'The site does not learn']],
    ['tunnel serve', ['--port', '--host', '--tls-cert', '--tls-key', '--json']],
    ['lab', ['--tunnel-port', '--air-port', '--rp-port', '--json']],
    ['completion', ['<shell>', 'bash', 'zsh', 'fish', '--json']],
    [
      'trial',
      [
        '--role',
        '--advertise',
        '--profile',
        '--page-port',
        '--out',
        '--resume',
        '--steps',
        '--origin',
        '--yes',
        '--wait',
        'TRIALS.md',
        'fido-hybrid.example',
        ...SHARED,
      ],
    ],
    [
      'conform client',
      [
        '[command...]',
        '--list',
        '--only',
        '--jobs',
        '--timeout',
        '--report',
        '--html',
        'Exit code 0',
        '--json',
      ],
    ],
    ['conform service', ['[command...]', '--url', '--json']],
    ['inspect', ['FIDO:/', '--qr', '--secrets', '--html', '--json']],
    ['replay', ['<file>', '--trace-secrets', 'Exit code 0', '--json']],
    [
      'doctor',
      [
        '--for',
        'page-tests',
        '--scan',
        '--advertise',
        'bluez:hciN|noble',
        'bluez:hciN|bleno',
        'Exit code 0',
        ...SHARED,
      ],
    ],
  ])('of "%s" names everything', async (command, words) => {
    const run = await runHere([...command.split(' ').filter(Boolean), '--help'])
    expect(run).toMatchObject({ code: 0, stderr: '' })
    for (const word of words) expect(run.stdout).toContain(word)
  })

  test.each([
    'client register',
    'client login',
    'client links',
    'client links list',
    'client links forget',
    'phone scan',
    'phone serve',
    'phone links',
    'phone unlink',
    'phone list',
    'phone show',
    'phone rename',
    'phone delete',
    'phone accept',
    'conform client',
    'conform phone',
    'conform service',
    'doctor',
    'trial',
    'completion',
  ])('of "%s" has an example', async command => {
    const { stdout } = await runHere([...command.split(' '), '--help'])
    expect(stdout).toMatch(new RegExp(`Examples?:\\n  fido-hybrid ${command}`))
  })

  test('keeps stdout free for JSON', async () => {
    const run = await runHere(['lab', '--help', '--json'])
    expect(run).toMatchObject({ code: 0, stdout: '' })
    expect(run.stderr).toContain('Usage: fido-hybrid lab')
  })
})

test('the version is that of the package', async () => {
  expect(await runHere(['--version'])).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' })
})

test('without a command the help is on stderr', async () => {
  const run = await runHere([])
  expect(run).toMatchObject({ code: 2, stdout: '' })
  expect(run.stderr).toContain('Usage: fido-hybrid')
})
