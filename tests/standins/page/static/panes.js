// On a narrow screen one pane shows at a time, chosen by tabs; on a wide one all three do.
import { byId } from "./dom.js";

const NAMES = ["sender", "recipient", "slack"];

export function startPanes() {
  NAMES.forEach((name, i) => {
    const tab = byId(`tab-${name}`);
    tab.addEventListener("click", () => showPane(name));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) { const next = NAMES.at((i + step) % NAMES.length); showPane(next); byId(`tab-${next}`).focus(); }
    });
  });
}

export function showPane(chosen) {
  for (const name of NAMES) {
    byId(name).classList.toggle("shown", name === chosen);
    byId(`tab-${name}`).setAttribute("aria-selected", name === chosen);
    byId(`tab-${name}`).tabIndex = name === chosen ? 0 : -1;
  }
  if (chosen === "slack") { byId("news").hidden = true; byId("dm").scrollTop = byId("dm").scrollHeight; }
}

export function news() {
  if (byId("slack").classList.contains("shown")) return;
  byId("news").hidden = false;
  byId("news").textContent = "new";
}
