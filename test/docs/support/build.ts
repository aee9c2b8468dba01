import { execFileSync } from 'node:child_process'

/** Builds the site before all tests of it. */
export default function build(): void {
  if (process.env['SITE'] === 'built') return
  execFileSync('npm', ['run', '--silent', 'docs'], { stdio: ['ignore', 'ignore', 'inherit'] })
}
