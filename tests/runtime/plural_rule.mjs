// The rule that a site gives vue-i18n as `pluralRules`, so that it reads plural forms in the order they are written in
// (extractors/json_vue.py): createI18n({ pluralRules: { ar: pluralRule('ar'), ru: pluralRule('ru') } }).

const ORDER = ['zero', 'one', 'two', 'few', 'many', 'other']

export function pluralRule(locale) {
  const plural = new Intl.PluralRules(locale)
  const needed = ORDER.filter((name) => plural.resolvedOptions().pluralCategories.includes(name))
  const ownOrder = needed.some((name) => ['zero', 'two', 'few'].includes(name))
  return (count, length) => {
    const names = forms(length)
    if (count === 0 && names[0] === '=0') return 0
    const form = count === 1 && !needed.includes('one') ? 'one' : plural.select(count) // a text may still be English
    const place = names.indexOf(form)
    return place < 0 ? length - 1 : place
  }

  function forms(length) {
    if (ownOrder && length === needed.length) return needed
    if (ownOrder && length === needed.length + 1) return ['=0', ...needed]
    if (ownOrder && length === needed.length - 1) return needed.slice(0, -1)
    if (length === 2) return ['one', 'other']
    return length === 3 ? ['=0', 'one', 'other'] : ['=0', 'one', 'many', 'other'].slice(-length)
  }
}
