import { element } from './element.js'

/** Adds a term and what it is to a list of facts. */
export function addFact(facts: HTMLElement, term: string, value: string): void {
  facts.append(element('div', {}, element('dt', {}, term), element('dd', {}, value)))
}
