// Words: what the page says in the reader's language, for the scripts that have none of their own.
const said = new Map();
for (const pair of document.querySelectorAll("#sayings > div")) {
  said.set(pair.querySelector("dt").textContent, pair.querySelector("dd").textContent);
}

export const say = (name, values = {}) =>
  (said.get(name) ?? name).replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));

export const parts = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

const live = document.getElementById("live");

// Tells people who do not see what changed; the same words twice are told twice.
export const tell = (words) => {
  live.textContent = "";
  requestAnimationFrame(() => { live.textContent = words; });
};
