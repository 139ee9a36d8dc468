import { useTranslation, Trans } from 'react-i18next';
import msgs from './texts/pond.json';
import { lazy } from 'react';

export const routes = [
  { path: '/pond', component: Pond, children: [{ path: 'edit', component: lazy(() => import('./PondEdit')) }] },
];

export default function Pond({ n }: { n: number }) {
  const { t: tr } = useTranslation(['pond', 'common'], { keyPrefix: 'beds' });
  const intl = useIntl();
  const same = <T,>(x: T) => x;
  return (
    <main aria-label={tr('main.label')}>
      <h1>{tr(n ? 'some' : 'none')}</h1>
      <Trans i18nKey="pond.body">Hello <b>there</b></Trans>
      <FormattedMessage id="pond.count" defaultMessage="Count of fish" />
      {intl.formatMessage({ id: 'pond.depth', defaultMessage: 'Depth' })}
      {tr('list', { returnObjects: true })} {tr('other:key')} {tr('owned', { ns: 'garden' })}
      {gettext('A plain text')} {ngettext('one fish', 'many fish', n)} {pgettext('menu', 'Open')}
      {$localize`:@@fish.id:Some fish`} {$localize`Unnamed fish`}
      <p>{msgs.pond.title} {msgs.items.map(same)}</p>
      <Route path="/fish" element={<Fish />} />
    </main>
  );
}
const all = require.context('./texts', true, /\.json$/);
const more = import.meta.glob(['../i18n/*/app/**/*.json', '!**/old.json'], { eager: true });
fetch(`/locales/${lang}/app.json`);
