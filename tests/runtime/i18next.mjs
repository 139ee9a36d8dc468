// i18next: each call is [key, options]; the last answer is the direction i18next gives the language.
// `fallback` is the catalog of English, for what a language lacks.

import i18next from 'i18next'
import json5 from 'json5'
import { answer } from './answer.mjs'

answer(async (locale, content, { calls, fallback }) => {
  const made = i18next.createInstance()
  const resources = { [locale]: { translation: json5.parse(content) } }
  if (fallback) resources.en = { translation: json5.parse(fallback) }
  await made.init({ lng: locale, fallbackLng: fallback ? 'en' : false, resources, interpolation: { escapeValue: false } })
  return [...calls.map(([key, options]) => made.t(key, options)), made.dir()]
})
