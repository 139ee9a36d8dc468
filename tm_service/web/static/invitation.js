// The token stands behind the #, which no server sees: it goes into the form, and out of the address and the history.
"use strict";
const behind = location.hash;
const field = document.getElementById("token");
if (behind.length > 1 && field && !field.value) {
  field.value = behind.slice(1);
  history.replaceState(null, "", location.pathname + location.search);
  for (const link of document.querySelectorAll(".speak a")) link.hash = behind;
}
