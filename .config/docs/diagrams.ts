import { Graphviz } from '@hpcc-js/wasm-graphviz'
import type { MarkdownRenderer } from 'vitepress'

/** A step of a state machine, from a state to the next. */
interface Step {
  readonly from: string
  readonly to: string
  readonly event: string
}

const START = '[*]'

/** Graphviz lays out in the build, so that readers load a picture. Mermaid itself would be megabytes of script on each of their pages. */
const graphviz = await Graphviz.load()

/** Draws the state diagrams that are written in Mermaid, in the colours of the page. */
export function stateDiagrams(md: MarkdownRenderer): void {
  const { fence } = md.renderer.rules
  md.renderer.rules.fence = (tokens, index, options, env, self) => {
    const token = tokens[index]
    if (token?.info.trim() === 'mermaid') return figure(stepsOf(token.content))
    return fence?.(tokens, index, options, env, self) ?? ''
  }
}

function stepsOf(mermaid: string): readonly Step[] {
  const [kind, ...lines] = mermaid
    .trim()
    .split('\n')
    .map(line => line.trim())
  if (kind !== 'stateDiagram-v2') throw new Error(`the site draws state diagrams, and this is a ${kind}`)
  return lines.map(line => {
    const [, from, to, event = ''] = /^(\S+) --> (\S+?)(?:: (.+))?$/.exec(line) ?? []
    if (from === undefined || to === undefined) throw new Error(`the site cannot draw ${line}`)
    return { from, to, event }
  })
}

/** One that says its steps in words, too, for people who do not see it. */
function figure(steps: readonly Step[]): string {
  const told = steps
    .filter(({ event }) => event !== '')
    .map(({ from, to, event }) => `${from}, at ${event}: ${to}`)
  const svg = graphviz
    .dot(dotOf(steps))
    .replace(/^[^]*?(?=<svg)/, '')
    .replace(/<title>[^<]*<\/title>|<!--.*?-->/g, '')
  const labelled = svg.replace('<svg ', `<svg role="img" aria-label="${told.join('; ')}" `)
  // A wide diagram is scrolled within its frame, by keys as well.
  return `<div class="diagram" tabindex="0" role="group" aria-label="State diagram" v-pre>${labelled}</div>\n`
}

/** In Courier, since letters of one width are as wide in every reader’s font. */
function dotOf(steps: readonly Step[]): string {
  return `digraph {
    bgcolor=transparent; ranksep=0.4; nodesep=0.3
    node [shape=box style=rounded fontname="Courier" fontsize=12 height=0.4 margin="0.12,0.06"]
    edge [fontname="Courier" fontsize=11 arrowsize=0.7]
    start [shape=point width=0.14]; end [shape=point width=0.14 peripheries=2]
    ${steps.map(edgeOf).join('\n')}
  }`
}

function edgeOf({ from, to, event }: Step): string {
  return `${nodeOf(from, 'start')} -> ${nodeOf(to, 'end')} [label=" ${event} "]`
}

function nodeOf(state: string, mark: string): string {
  return state === START ? mark : `"${state}"`
}
