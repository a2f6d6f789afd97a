// The recipient's side: choose a mailbox and a mail client, open a mail, click a link in it.
import { busy, byId, h, keepList, moment, nameOf, post } from "./dom.js";
import { showPane } from "./panes.js";

let state = null;

export function startRecipient() {
  byId("mailbox").addEventListener("change", () => { closeMail(); showInbox(); });
  byId("client").addEventListener("change", noteClient);
}

export function showRecipient(now) {
  const first = !state;
  state = now;
  if (first) fillClients(now.clients);
  const menu = byId("mailbox"), boxes = now.gmail?.mailboxes ?? [], before = menu.value;
  const names = boxes.map((box) => `${box.name}${box.email === now.sender ? " (the sender)" : ""} · ${box.inbox.length}`);
  menu.replaceChildren(...boxes.map((box, i) => h("option", { value: box.email }, names[i])));
  if (boxes.some((box) => box.email === before)) menu.value = before;
  byId("recipient").classList.toggle("off", !now.gmail);
  showInbox();
}

function fillClients(clients) {
  const groups = Map.groupBy(clients, (one) => one.group);
  byId("client").replaceChildren(...[...groups].map(([group, members]) =>
    h("optgroup", { label: group }, members.map((one) => h("option", { value: one.key }, one.name)))));
  noteClient();
}

function noteClient() {
  byId("client-note").textContent = chosenClient()?.note ?? "";
}

function showInbox() {
  const box = state.gmail?.mailboxes.find((one) => one.email === byId("mailbox").value);
  keepList(byId("inbox"), box?.inbox ?? [], (one) => one.id, (mail) => {
    const open = h("button", { class: mail.unread ? "item unread" : "item", "data-focus": mail.id },
      mail.unread ? h("span", { class: "hidden" }, "Unread") : null,
      h("span", { class: "row" }, h("b", {}, nameOf(mail.from)), h("time", {}, moment(mail.at))),
      h("span", { class: "subject" }, mail.subject), h("span", { class: "snippet" }, mail.snippet));
    open.addEventListener("click", () => busy(open, () => readMail(byId("mailbox").value, mail, byId("client").value)));
    return h("li", {}, open);
  }, state.gmail ? "Nothing here yet. Send a draft to this person." : "With your real Gmail, mail arrives in real inboxes.");
}

export async function readMail(box, mail, client) {
  byId("client").value = client;
  noteClient();
  const where = `${encodeURIComponent(box)}/${encodeURIComponent(mail.id)}`;
  const facts = await (await fetch(`/page/facts/${where}`)).json();
  drawReader(box, mail, facts, where);
  showPane("recipient");
  byId("reader").focus({ preventScroll: true });
  await opened(box, mail);
}

const PEOPLE_NEED = 3000; // the product's own rule: nobody receives and opens a mail faster

async function opened(box, mail) {
  const tooFast = Date.now() - mail.at < PEOPLE_NEED;
  tell(await post("/page/open", { box, id: mail.id, client: byId("client").value }));
  if (state.slack) byId("loaded").append(h("small", {}, whatToExpect(tooFast)));
}

function whatToExpect(tooFast) {
  if (chosenClient()?.group === "A machine") return "A machine, so Slack stays silent, and /opens tells why.";
  return tooFast
    ? "That was within three seconds of sending, too fast for a person, so Slack stays silent. Press Open again."
    : "When a person opened it, Slack says so in seconds. When it stays silent, /opens tells why.";
}

const chosenClient = () => state.clients.find((one) => one.key === byId("client").value);

function tell({ says, why }) {
  byId("loaded").replaceChildren(h("b", {}, says), ...why.map((reason) => h("span", {}, reason)));
}

function closeMail() {
  byId("reader").hidden = true;
  byId("inbox-view").hidden = false;
}

function drawReader(box, mail, facts, where) {
  const back = h("button", { class: "quiet", onclick: () => { closeMail(); byId("inbox").querySelector("button")?.focus(); } }, "← Inbox");
  const again = h("button", { class: "primary" }, "Open again");
  again.addEventListener("click", () => busy(again, () => opened(box, mail)));
  byId("reader").replaceChildren(
    h("div", { class: "reader-bar" }, back, again),
    h("h3", { id: "reader-subject" }, facts.subject),
    h("p", { class: "who" }, `${facts.from} → ${facts.to}`),
    h("p", { id: "loaded", class: "loaded", role: "status" }, "Opening…"),
    h("iframe", { sandbox: "", src: `/page/mail/${where}`, title: `Mail: ${facts.subject}`, referrerpolicy: "no-referrer" }),
    facts.links.length ? h("ul", { class: "links", "aria-label": "Links in this mail" }, facts.links.map((link, i) => drawLink(box, mail, link, i))) : "");
  byId("reader").hidden = false;
  byId("inbox-view").hidden = true;
}

function drawLink(box, mail, link, number) {
  const click = h("button", { "aria-label": `Click ${link.words}` }, "Click");
  click.addEventListener("click", () => busy(click, async () =>
    tell(await post("/page/click", { box, id: mail.id, client: byId("client").value, link: number }))));
  return h("li", {}, h("span", {}, h("b", {}, link.words), h("small", { title: link.address }, link.address)), click);
}
