import { useState } from "react";

/** The form of a permit – not a text. */
export default function PermitForm({ name, boats, onSend }: Props): JSX.Element {
  const [open, setOpen] = useState<boolean>(boats.length < 3);
  return (
    <section id="permit" onClick={() => setOpen(!open)}>
      {/* At most 30 characters */}
      <h2 title='Ask for "one"'>Permit for {name}</h2>
      <p>
        You&apos;ll need {boats.length > 1 ? <b>one permit for each boat</b> : <b>one permit</b>}; please read{" "}
        <Link to={{ pathname: "/rules" }} onClick={() => track("rules")} title="Rules of the harbour">the rules</Link>
        {" "}first.
      </p>
      <ul>{boats.map((boat) => <li key={boat.id}>Boat {boat.name} ({formatLength(boat, { unit: "m" })})</li>)}</ul>
      <input placeholder={"Name of the harbour"} aria-label={`Harbour`} disabled={boats.length > 9} />
      <Trans i18nKey="permit.hint">From the catalog</Trans>
      <button type="submit" onClick={onSend}><Icon name="send" /> Send</button>
    </section>
  );
}
