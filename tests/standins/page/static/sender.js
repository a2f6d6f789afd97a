// The sender's Gmail: drafts, what is sent, and the compose box.
import { busy, byId, h, keepList, moment, nameOf, post, say } from "./dom.js";
import { readMail } from "./recipient.js";

export function startSender() {
  const dialog = byId("compose");
  byId("compose-button").addEventListener("click", () => dialog.showModal());
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  saving(byId("compose-form"), async (form) => Object.fromEntries(new FormData(form)));
  saving(byId("source-form"), sourceOf);
}

function saving(form, read) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wrong = form.querySelector(".wrong");
    wrong.textContent = "";
    busy(event.submitter ?? form, async () => {
      try { await post("/page/drafts", await read(form)); }
      catch (failed) { wrong.textContent = failed.message; return; }
      form.reset();
      byId("compose").close();
      say("Draft saved");
    });
  });
}

async function sourceOf(form) {
  const file = form.elements.file.files[0];
  if (!file) return { source: form.elements.source.value };
  const bytes = new Uint8Array(await file.arrayBuffer());
  let source = "";
  for (let i = 0; i < bytes.length; i += 8192) source += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return { source };
}

export function showSender(state) {
  const { gmail } = state;
  byId("compose-button").hidden = !gmail;
  byId("sender-who").textContent = gmail ? `${gmail.name} · ${state.sender}` : "Twotick uses your real Gmail";
  byId("drafts-count").textContent = gmail?.drafts.length || "";
  byId("sent-count").textContent = gmail?.sent.length || "";
  keepList(byId("drafts"), gmail?.drafts ?? [], (one) => one.id, drawDraft, gmail ? "No drafts. Compose one." : "Write drafts in Gmail.");
  keepList(byId("sent"), gmail?.sent ?? [], (one) => [one.id, ...one.labels].join(), (one) => drawSent(one, state.sender), "Nothing sent yet.");
  byId("people").replaceChildren(...(gmail?.mailboxes ?? []).filter((box) => box.email !== state.sender)
    .map((box) => h("option", { value: `${box.name} <${box.email}>` })));
}

function line(mail, who) {
  return [h("span", { class: "row" }, h("b", {}, who), h("time", {}, moment(mail.at))),
    h("span", { class: "subject" }, [...(mail.labels ?? []), mail.subject].join(" · ")), h("span", { class: "snippet" }, mail.snippet)];
}

function drawDraft(draft, there) {
  const options = { links: "Track links", "per-recipient": "One mail per recipient", documents: "Attachments as links" };
  const boxes = Object.entries(options).map(([name, words]) => ({ name, words, box: h("input", { type: "checkbox" }) }));
  const command = h("code", { tabindex: "0" }, draft.command);
  const flags = () => Object.fromEntries(boxes.map(({ name, box }) => [name, box.checked]));
  const retype = () => { command.textContent = [draft.command, ...boxes.filter(({ box }) => box.checked).map(({ name }) => `--${name}`)].join(" "); };
  boxes.forEach(({ box }) => box.addEventListener("change", retype));
  const send = h("button", { class: "primary", "data-focus": `send-${draft.id}` }, "Send tracked");
  send.addEventListener("click", () => busy(send, () => sendTracked(draft, flags())));
  const copy = h("button", { class: "quiet", "aria-label": "Copy the command" }, "Copy");
  copy.addEventListener("click", () => busy(copy, async () => { await navigator.clipboard.writeText(command.textContent); say("Command copied"); }));
  return h("li", {}, h("details", { open: there?.firstElementChild?.open ?? false },
    h("summary", {}, line(draft, draft.to ? "To " + nameOf(draft.to) : "No recipient")),
    h("div", { class: "draft-body" },
      h("div", { class: "options" }, boxes.map(({ words, box }) => h("label", {}, box, ` ${words}`))), send,
      h("p", { class: "or" }, "or, in a terminal:"), h("div", { class: "typed" }, command, copy))));
}

// Below the drafts, not in the draft: once it is sent there is no draft left to show it in.
async function sendTracked(draft, flags) {
  const ran = await post("/page/send", { draft: draft.id, ...flags }), output = byId("ran");
  output.hidden = false;
  output.textContent = `$ ${ran.command}\n${ran.output}`;
  output.classList.toggle("wrong", !ran.ok);
  const how = ran.output.includes("not tracked") ? "Sent, but not tracked" : "Sent tracked";
  say(ran.ok ? `${how}: ${draft.subject}` : `Not sent. ${ran.output.split("\n").at(-1)}`, !ran.ok);
}

function drawSent(mail, box) {
  const look = h("button", { class: "item", "aria-label": `Look at “${mail.subject}” in Sent` }, line(mail, "To " + nameOf(mail.to)));
  look.addEventListener("click", () => busy(look, () => readMail(box, mail, "own-look")));
  return h("li", {}, look);
}
