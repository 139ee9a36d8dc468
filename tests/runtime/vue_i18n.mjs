// vue-i18n: each call is [key, values]; `count` among the values chooses the plural form.
// `ownRule` asks for vue-i18n's own rule, as a site has it that gives none.

import { createI18n } from 'vue-i18n'
import { answer } from './answer.mjs'
import { pluralRule } from './plural_rule.mjs'

answer((locale, content, { calls, ownRule }) => {
  const pluralRules = ownRule ? {} : { [locale]: pluralRule(locale) }
  const made = createI18n({ legacy: false, locale, pluralRules, messages: { [locale]: JSON.parse(content) } })
  return calls.map(([key, values]) =>
    values.count === undefined ? made.global.t(key, values) : made.global.t(key, values, values.count)
  )
})
