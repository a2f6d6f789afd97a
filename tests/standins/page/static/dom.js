// Building blocks of the page: elements from values, and lists that keep what did not change.

export const byId = (id) => document.getElementById(id);

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return node;
}

// Rebuilds only what changed, so that an opened draft stays open and a focused button keeps its focus.
export function keepList(container, items, key, build, empty) {
  const old = new Map([...container.children].map((node) => [node.dataset.key, node]));
  const nodes = items.map((item) => {
    const facts = JSON.stringify(item), name = String(key(item)), there = old.get(name);
    if (there?.dataset.facts === facts) return there;
    const node = build(item, there);
    Object.assign(node.dataset, { key: name, facts });
    return node;
  });
  const focused = container.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
  if (!nodes.length && empty) nodes.push(h("li", { class: "empty" }, empty));
  if (nodes.length !== container.children.length || nodes.some((node, i) => node !== container.children[i])) {
    for (const node of [...container.children]) if (!nodes.includes(node)) node.remove();
    nodes.forEach((node, i) => { if (container.children[i] !== node) container.insertBefore(node, container.children[i] ?? null); });
  }
  if (focused && !container.contains(document.activeElement))
    container.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
}

export async function post(path, asked) {
  const answer = await fetch(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(asked),
  });
  if (!answer.ok) throw new Error((await answer.text()).slice(0, 500) || `It failed (${answer.status}).`);
  return answer.json();
}

let fading;
export function say(text, isWrong = false) {
  const said = byId("said");
  said.textContent = text;
  said.className = isWrong ? "said wrong on" : "said on";
  clearTimeout(fading);
  fading = setTimeout(() => said.classList.remove("on"), 6000);
}

// One press at a time, and every failure said in words.
export async function busy(button, work) {
  if (button.getAttribute("aria-busy") === "true") return undefined;
  button.setAttribute("aria-busy", "true");
  try { return await work(); }
  catch (failed) { say(failed.message, true); return undefined; }
  finally { button.removeAttribute("aria-busy"); }
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
export function moment(ms) {
  const at = new Date(Number(ms));
  return (at.toDateString() === new Date().toDateString() ? clock : day).format(at);
}
export const nameOf = (address) => address.replace(/\s*<[^>]*>/g, "").replaceAll('"', "") || address;
