// Returns: files are dropped or chosen, sent one by one with their progress, and answered on the page.
import { parts, say, tell } from "./words.js";

const form = document.getElementById("drop");
const chosen = document.getElementById("file");
const list = document.getElementById("sending");
const answers = document.getElementById("answers");

form.querySelector(".drag").hidden = false;

for (const name of ["dragenter", "dragover"]) {
  form.addEventListener(name, (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
}
for (const name of ["dragleave", "drop"]) form.addEventListener(name, () => form.classList.remove("over"));
form.addEventListener("drop", (event) => {
  event.preventDefault();
  sendAll(event.dataTransfer.files);
});
form.addEventListener("submit", (event) => {
  if (!chosen.files.length) return;
  event.preventDefault();
  sendAll(chosen.files);
  chosen.value = "";
});

async function sendAll(files) {
  for (const file of [...files]) await sent(file);
}

function sent(file) {
  const line = parts("sending-parts");
  line.querySelector(".name").textContent = file.name;
  list.append(line);
  const content = new FormData();
  content.append("file", file, file.name);
  return new Promise((done) => {
    const asking = new XMLHttpRequest();
    asking.open("POST", form.action);
    asking.responseType = "document";
    asking.upload.addEventListener("progress", (event) => {
      line.querySelector("progress").value = event.lengthComputable ? (100 * event.loaded) / event.total : 0;
      if (event.loaded === event.total) line.querySelector(".how").textContent = say("sent");
    });
    const failed = () => {
      line.querySelector(".how").textContent = say("failed");
      tell(say("failed"));
      done();
    };
    asking.addEventListener("error", failed);
    asking.addEventListener("load", () => {
      const found = asking.response?.querySelectorAll("#answers > article") ?? [];
      if (!found.length) return failed();
      answers.prepend(...[...found].map((one) => document.adoptNode(one)));
      line.remove();
      tell(say("answered"));
      return done();
    });
    asking.send(content);
  });
}
