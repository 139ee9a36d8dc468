// FormatJS: each call is [id, values]; ARB and Angular keep their texts in ICU as well, and are read as theirs are.

import { createIntl } from '@formatjs/intl'
import { answer } from './answer.mjs'

answer((locale, content, { calls }) => {
  const read = JSON.parse(content)
  const texts = Object.entries(read.translations ?? read).filter(([id]) => !id.startsWith('@'))
  const messages = Object.fromEntries(texts.map(([id, text]) => [id, text.defaultMessage ?? text]))
  const onError = (error) => {
    throw error
  }
  const intl = createIntl({ locale, messages, onError })
  return calls.map(([id, values]) => intl.formatMessage({ id }, values))
})
