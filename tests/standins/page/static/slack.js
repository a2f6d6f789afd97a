// The sender's DM with the bot.
import { byId, busy, h, keepList, post, say } from "./dom.js";
import { drawBlocks } from "./blocks.js";
import { emoji, mrkdwn, plain, visit } from "./mrkdwn.js";

let seen = null;

export function startSlack() {
  byId("command").addEventListener("submit", (event) => {
    event.preventDefault();
    const input = byId("command-text"), text = input.value.trim() || "/opens";
    busy(event.submitter ?? input, async () => { await post("/page/slack/command", { text }); input.value = ""; });
  });
}

export function showSlack(slack, panes) {
  byId("command").hidden = !slack;
  const dm = byId("dm");
  if (!slack) {
    keepList(dm, [{ ts: "real" }], (one) => one.ts, () => h("p", { class: "empty" }, "Twotick uses your real Slack: look for its messages there."));
    return;
  }
  const low = dm.scrollTop + dm.clientHeight >= dm.scrollHeight - 80;
  const messages = slack.messages.length ? slack.messages : [{ ts: "none" }];
  keepList(dm, messages, (one) => one.ts + (one.ephemeral ? "-own" : ""), drawMessage);
  if (low) dm.scrollTop = dm.scrollHeight;
  const now = JSON.stringify(slack.messages);
  if (seen !== null && seen !== now) panes.news("slack");
  seen = now;
}

function drawMessage(message) {
  if (message.ts === "none") return h("div", { class: "empty" },
    h("b", {}, "No messages yet"), h("p", {}, "Send a draft tracked, open it in the recipient’s inbox, and Twotick will tell you here. Or ask /opens."));
  const who = "Twotick";
  const at = new Date(Number(message.ts) * 1000);
  const blocks = message.blocks ?? [];
  return h("article", { class: `msg ${message.ephemeral ? "own" : ""}`, "aria-label": `${who}: ${message.text ?? ""}` },
    !message.ephemeral && message.text && blocks.length ? h("p", { class: "push" }, h("span", {}, "On the phone"), emoji(message.text.slice(0, 100))) : null,
    h("img", { class: "face", src: "/page/static/ticks.svg", alt: "", width: 36, height: 36 }),
    h("div", { class: "msg-body" },
      message.ephemeral ? h("p", { class: "only-you" }, "Only visible to you") : null,
      h("p", { class: "msg-head" }, h("b", {}, who), h("span", { class: "app" }, "APP"),
        h("time", { datetime: at.toISOString(), title: at.toLocaleString() }, at.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" }))),
      blocks.length ? drawBlocks(blocks, (element, button) => press(message, element, button)) : h("div", { class: "b-text" }, mrkdwn(message.text ?? "")),
      message.edited ? h("span", { class: "edited" }, "(edited)") : null,
      message.replies?.length ? drawThread(message.replies) : null));
}

function drawThread(replies) {
  const said = replies.length === 1 ? "1 reply" : `${replies.length} replies`;
  return h("details", { class: "thread" }, h("summary", {}, said), replies.map((reply) => h("div", { class: "b-text" },
    reply.blocks?.length ? drawBlocks(reply.blocks, () => {}) : mrkdwn(reply.text ?? ""))));
}

function press(message, element, button) {
  const ask = element.confirm;
  if (ask && !window.confirm([ask.title?.text, ask.text?.text].filter(Boolean).join("\n\n"))) return;
  busy(button, async () => {
    const chosen = element.selected_option ?? element;
    await post("/page/slack/press", { ts: message.ts, action: element.action_id, value: chosen.value });
    if (element.url) visit(element.url);
    else say(`Pressed “${plain(chosen.text?.text ?? element.action_id)}”`);
  });
}
