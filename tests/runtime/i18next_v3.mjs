// i18next 20, which reads version 3 of its format: each call is [key, options].

import i18next from 'i18next-v3'
import { answer } from './answer.mjs'

answer(async (locale, content, { calls }) => {
  const made = i18next.createInstance()
  const resources = { [locale]: { translation: JSON.parse(content) } }
  await made.init({ lng: locale, fallbackLng: false, resources, interpolation: { escapeValue: false } })
  return calls.map(([key, options]) => made.t(key, options))
})
