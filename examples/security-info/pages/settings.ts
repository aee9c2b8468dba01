import type { PolicyView } from '../wire/site.js'
import { element, find } from './element.js'
import { onSubmit, textOf } from './form.js'
import { clearNotice, notify } from './notice.js'
import { ask, messageOf } from './server.js'
import { bindSignOut, loadAccount } from './site-header.js'

const form = find('#policy-form', HTMLFormElement)
const restricted = find('#restricted', HTMLInputElement)
const choices = find('#authenticators', HTMLFieldSetElement)
const others = find('#others', HTMLTextAreaElement)

function show({ isRestricted, allowed, known }: PolicyView): void {
  restricted.checked = isRestricted
  choices.disabled = !isRestricted
  const labels = known.map(({ aaguid, name }) => {
    const box = element('input', {
      type: 'checkbox',
      name: 'allowed',
      value: aaguid,
      checked: allowed.includes(aaguid),
    })
    const words = element('span', {}, name, element('code', {}, aaguid))
    return element('label', { class: 'choice' }, box, words)
  })
  find('#known', HTMLElement).replaceChildren(...labels)
  others.value = allowed.filter(aaguid => !known.some(one => one.aaguid === aaguid)).join('\n')
}

restricted.addEventListener('change', () => (choices.disabled = !restricted.checked))

onSubmit(form, async fields => {
  clearNotice()
  // What is disabled is not in the form’s data; it is kept all the same.
  const boxes = Array.from(form.querySelectorAll<HTMLInputElement>('input[name=allowed]:checked'))
  const written = others.value
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(aaguid => aaguid !== '')
  const allowed = [...boxes.map(({ value }) => value), ...written]
  await ask('PUT', '/api/policy', { isRestricted: textOf(fields, 'restricted') !== '', allowed })
  notify('done', 'Saved. It counts for passkeys that are added from now on.')
})

bindSignOut()
await loadAccount()
try {
  show(await ask<PolicyView>('GET', '/api/policy'))
} catch (error) {
  form.hidden = true
  notify('trouble', messageOf(error))
}
document.body.dataset['state'] = 'ready'
