'⟪use strict⟫';
import React, { useState } from '⟪react⟫';
import { FormattedMessage, useIntl } from '⟪react-intl⟫';
import '⟪./harbour page.css⟫';

type Level = '⟪low tide⟫' | '⟪high tide⟫';
const STORAGE = '⟪harbour:last visit⟫';
const QUERY = `⟪SELECT name FROM ships WHERE berth = ? ORDER BY name⟫`;
const GRADIENT = '⟪linear-gradient(90deg, #fff 0%, #000 100%)⟫';
const errorText = '⟦The ship could not be found.⟧';
const LABELS: Record<string, string> = { north: '⟪North Pier⟫', south: '⟪South Pier⟫' };

export const columns = [
  { field: '⟪name⟫', headerName: '⟪Ship⟫', title: '⟦Ship⟧', width: 120 },
  { field: '⟪flag⟫', title: '⟦Flag and home port⟧', format: '⟪text upper⟫' },
  { field: '⟪eta⟫', title: '⟦Arrives⟧', tooltip: '⟦Time of the harbour master⟧' },
];

export function Harbour({ ships, level }: { ships: Ship[]; level: Level }) {
  const intl = useIntl();
  const [message, setMessage] = useState('⟪⟫');
  const open = (id: string) => {
    if (level === '⟪low tide⟫') { setMessage('⟦The water is too low to leave.⟧'); return; }
    window.open(`⟪/ships/${id}/print⟫`, '⟪_blank⟫', '⟪width=600, height=400⟫');
    logger.warn('⟪Opened the print view of a ship⟫');
    toast.error(`⟦Ship ${id} has no berth yet⟧`);
    localStorage.setItem(STORAGE, '⟪some value here⟫');
    history.push('⟪/harbour⟫');
    window.alert("⟦You are leaving the harbour.⟧");
    invariant(id, '⟪id must be given to open⟫');
    throw new TypeError('⟪A ship without an id cannot be opened⟫');
  };
  const label = intl.formatMessage({ id: '⟪harbour.label⟫', defaultMessage: '⟪Harbour of the old town⟫' });
  return (
    <main className="⟪harbour page wide⟫" style={{ gridTemplateAreas: '⟪"head head" "list map"⟫', fontFamily: '⟪Open Sans, sans-serif⟫' }}>
      <h1>⟦Ships in the harbour⟧</h1>
      <FormattedMessage id="⟪harbour.intro⟫" defaultMessage="⟪Welcome to the harbour.⟫" />
      <Trans i18nKey="⟪harbour.hint⟫">⟪Ships are shown <b>by berth</b> only.⟫</Trans>
      <p>
        ⟦Tides change every six hours.⟧
        <a href="⟪/tides⟫">⟦See the table⟧</a>
      </p>
      {ships.length === 0 ? <em>⟦No ships today⟧</em> : null}
      {ships.map((ship) => (
        <Card key={ship.id} title={ship.name} subtitle="⟦Last seen at the pier⟧" variant="⟪outlined dense⟫" onClick={() => open(ship.id)}>
          <img src={`⟪/flags/${ship.flag}.svg⟫`} alt={`⟦Flag of ${ship.country}⟧`} />
          {ship.late && '⟦This ship is late.⟧'}
          {ship.open ? '⟦Boarding⟧' : "⟦Gate closed⟧"}
          <Button color="⟪primary⟫" size="⟪small⟫" label="⟦Book a place⟧" type="⟪button⟫" />
          <time dateTime="⟪2026-05-01 10:00⟫">{format(ship.eta, '⟪dd.MM.yyyy HH:mm⟫')}</time>
        </Card>
      ))}
      <input type="⟪text⟫" placeholder="⟦Name or call sign⟧" aria-describedby="⟪hint text⟫" pattern="⟪[A-Z ]{3,10}⟫" />
      <p id="⟪hint text⟫">⟦Use capital letters.⟧</p>
      <svg viewBox="⟪0 0 10 10⟫"><path d="⟪M 0 0 L 10 10⟫" /></svg>
      <button aria-label="⟦Reload the list⟧" data-testid="⟪reload button⟫">⟳</button>
      <span>{label}</span> <span>{message}</span> <span>{ships.length} / 20</span>
      <Dialog title="⟦Leave the harbour?⟧" okText="⟦Leave⟧" cancelText="⟦Stay⟧" mode="⟪full screen⟫" />
      <footer>⟦Made by the harbour office⟧ · v2.1</footer>
    </main>
  );
}
Harbour.displayName = '⟪Harbour Page⟫';
