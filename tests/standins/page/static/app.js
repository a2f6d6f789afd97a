// The page: asks for the state at every change that it is told of, and draws it.
import { byId } from "./dom.js";
import { news, startPanes } from "./panes.js";
import { showRecipient, startRecipient } from "./recipient.js";
import { showSender, startSender } from "./sender.js";
import { showSlack, startSlack } from "./slack.js";

let asking = false, again = false;

async function show() {
  if (asking) { again = true; return; }
  asking = true;
  try {
    const state = await (await fetch("/page/state")).json();
    showSender(state);
    showRecipient(state);
    showSlack(state.slack, { news });
  } finally {
    asking = false;
    if (again) { again = false; show(); }
  }
}

function connected(yes) {
  byId("link").textContent = yes ? "Live" : "Stopped. Run it again with make run.";
  byId("link").classList.toggle("on", yes);
}

startPanes();
startSender();
startRecipient();
startSlack();
const events = new EventSource("/page/events");
events.onopen = () => connected(true);
events.onerror = () => connected(false);
events.onmessage = show;
