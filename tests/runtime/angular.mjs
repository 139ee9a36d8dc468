// Angular: each call is [id, [placeholder, value]...], as a template with these placeholders has it.

import '@angular/localize/init'
import { clearTranslations, loadTranslations, ɵmakeTemplateObject as template } from '@angular/localize'
import { answer } from './answer.mjs'

answer((locale, content, { calls }) => {
  const read = JSON.parse(content)
  if (read.locale !== locale) throw new Error(`the file says ${read.locale}`)
  clearTranslations()
  loadTranslations(read.translations)
  return calls.map(([id, ...placeholders]) => {
    const parts = [`:@@${id}:not translated`, ...placeholders.map(([name]) => `:${name}:`)]
    return $localize(template(parts, parts), ...placeholders.map(([, value]) => value))
  })
})
