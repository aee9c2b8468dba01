import type { PasskeyView } from '../wire/site.js'
import { element } from './element.js'
import { onSubmit, textField, textOf } from './form.js'
import { notify } from './notice.js'
import { ask } from './server.js'
import { StepsDialog } from './steps-dialog.js'

/** @param onChange is called when it has another name. */
export function renamePasskey({ id, name }: PasskeyView, onChange: () => Promise<void>): void {
  const dialog = new StepsDialog()
  const save = element('button', { type: 'submit', class: 'primary' }, 'Save')
  const form = element('form', {}, textField('Name', 'name', name), dialog.footer(save))
  onSubmit(form, async fields => {
    await ask('PATCH', `/api/passkeys/${id}`, { name: textOf(fields, 'name') })
    dialog.close()
    await onChange()
  })
  dialog.go(() => dialog.show('Rename the passkey', [form]))
}

/** A passkey is in two places: the site forgets it at once, and may tell the device to. */
export function deletePasskey({ id, name }: PasskeyView, onChange: () => Promise<void>): void {
  const dialog = new StepsDialog()
  const remove = element('button', { type: 'submit', class: 'primary danger' }, 'Delete')
  const tell = element('input', { type: 'checkbox', name: 'tell', checked: true })
  const form = element(
    'form',
    {},
    element('p', {}, `You will not be able to sign in with “${name}” any more.`),
    element(
      'p',
      { class: 'callout' },
      'A passkey is in two places, here and on its device. If this page cannot reach the device, delete it there, too.',
    ),
    element(
      'label',
      { class: 'choice' },
      tell,
      element('span', {}, 'Also remove it from the device that keeps it'),
    ),
    dialog.footer(remove),
  )
  onSubmit(form, async fields => {
    const unknown = await ask('DELETE', `/api/passkeys/${id}`)
    const isTold = fields.get('tell') !== null
    if (isTold) await ask('POST', '/laptop/signals/unknown-credential', unknown)
    dialog.close()
    await onChange()
    notify('done', isTold ? `“${name}” is deleted, here and on its device.` : leftBehind(name))
  })
  dialog.go(() => dialog.show('Delete the passkey?', [form]))
}

function leftBehind(name: string): string {
  return `“${name}” is deleted here. Its device still lists it: delete it there, too.`
}
