import { runWalletDemo } from './demo.js'

const WIDTH = 9

/** A paragraph for each speaker; without one, a heading. */
function say(who: string, ...lines: readonly string[]): void {
  if (who === '') return console.log(`\n— ${lines.join(' ')}`)
  for (const [index, line] of lines.entries()) console.log(`${(index === 0 ? who : '').padEnd(WIDTH)}${line}`)
}

// Nobody reads any more.
process.stdout.on('error', () => process.exit())
await runWalletDemo(say)
