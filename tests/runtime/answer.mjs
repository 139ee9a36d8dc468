// What every script here does: read the question, answer it for each locale, print the answer.

import { readFileSync } from 'node:fs'

export async function answer(ofLocale) {
  const question = JSON.parse(readFileSync(0, 'utf8'))
  const answers = {}
  for (const [locale, content] of Object.entries(question.catalogs)) {
    answers[locale] = await ofLocale(locale, content, question)
  }
  process.stdout.write(JSON.stringify(answers))
}
