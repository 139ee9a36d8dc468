import { useState } from "react";

/** The form of a permit – not a text. */
export default function PermitForm({ name, boats, onSend }: Props): JSX.Element {
  const [open, setOpen] = useState<boolean>(boats.length < 3);
  return (
    <section id="permit" onClick={() => setOpen(!open)}>
      {/* At most 30 characters */}
      <h2 title='En demander « un » & "plus"'>Permis pour {name}</h2>
      <p>
        Lisez d&apos;abord <Link to={{ pathname: "/rules" }} onClick={() => track("rules")} title="Règlement du port">le règlement</Link> ; il vous faut {boats.length > 1 ? <b>un permis par bateau</b> : <b>un permis</b>}.
      </p>
      <ul>{boats.map((boat) => <li key={boat.id}>{formatLength(boat, { unit: "m" })} : bateau {boat.name} &#123;gratuit&#125;</li>)}</ul>
      <input placeholder="Nom du port" aria-label="Port" disabled={boats.length > 9} />
      <Trans i18nKey="permit.hint">From the catalog</Trans>
      <button type="submit" onClick={onSend}><Icon name="send" /> Envoyer</button>
    </section>
  );
}
