// Block Kit, drawn: the blocks that a bot's messages are made of. `press(element)` is told of every button.
import { h } from "./dom.js";
import { dateText, emoji, mrkdwn, outward, plain } from "./mrkdwn.js";

export function drawBlocks(blocks, press) {
  return blocks.map((block) => {
    const draw = BLOCKS[block.type];
    return draw ? draw(block, press) : h("p", { class: "undrawn" }, `A “${block.type}” block (not drawn here)`);
  });
}

const BLOCKS = {
  header: (block) => h("h4", { class: "b-header" }, text(block.text)),
  divider: () => h("hr"),
  section: (block, press) => h("div", { class: "b-section" },
    h("div", { class: "b-body" },
      block.text && h("div", { class: "b-text" }, text(block.text)),
      block.fields && h("div", { class: "b-fields" }, block.fields.map((field) => h("div", {}, text(field))))),
    block.accessory && h("div", { class: "b-accessory" }, element(block.accessory, press))),
  context: (block) => h("div", { class: "b-context" }, block.elements.map((one) => one.type === "image" ? picture(one) : h("span", {}, text(one)))),
  actions: (block, press) => h("div", { class: "b-actions" }, block.elements.map((one) => element(one, press))),
  image: (block) => h("figure", { class: "b-image" }, block.title && h("figcaption", {}, text(block.title)), picture(block)),
  rich_text: (block) => h("div", { class: "b-rich" }, block.elements.map(rich)),
  markdown: (block) => h("div", { class: "b-text" }, block.text),
  table: (block) => h("div", { class: "b-table", tabindex: "0", role: "region", "aria-label": "Table" }, h("table", {}, block.rows.map((row, i) =>
    h("tr", {}, row.map((cell, column) =>
      h(i ? "td" : "th", { class: `to-${block.column_settings?.[column]?.align ?? "left"}` }, cellText(cell))))))),
};

export const text = (object) => object.type === "mrkdwn" ? mrkdwn(object.text) : object.emoji === false ? object.text : emoji(object.text);
const cellText = (cell) => cell.type === "rich_text" ? cell.elements.map(rich) : String(cell.text ?? cell.value ?? "");
const picture = (image) => h("span", { class: "picture", role: "img", "aria-label": image.alt_text }, image.alt_text);

function element(one, press) {
  if (one.type === "button") return h("button", {
    class: `b-button ${one.style ?? ""}`, "data-focus": one.action_id, "aria-label": one.accessibility_label, onclick: (event) => press(one, event.currentTarget),
  }, text(one.text));
  if (one.type === "image") return picture(one);
  if (one.options || one.option_groups) return choice(one, press);
  return h("span", { class: "undrawn" }, `A “${one.type}” (not drawn here)`);
}

function choice(one, press) {
  const options = one.options ?? one.option_groups.flatMap((group) => group.options);
  const label = one.placeholder ? text(one.placeholder) : "More";
  const menu = h("select", { class: "b-button", "aria-label": label, "data-focus": one.action_id },
    h("option", { value: "" }, one.type === "overflow" ? "⋯" : label), options.map((option, i) => h("option", { value: i }, text(option.text))));
  menu.addEventListener("change", () => { if (menu.value !== "") press({ ...one, selected_option: options[menu.value] }, menu); menu.value = ""; });
  return menu;
}

function rich(one) {
  const inner = () => one.elements.map(richInline);
  if (one.type === "rich_text_list") {
    const items = one.elements.map((item) => h("li", {}, item.elements.map(richInline)));
    return h(one.style === "ordered" ? "ol" : "ul", { class: `indent-${one.indent ?? 0}` }, items);
  }
  if (one.type === "rich_text_preformatted") return h("pre", {}, inner());
  if (one.type === "rich_text_quote") return h("blockquote", {}, inner());
  return h("div", { class: "b-text" }, inner());
}

function richInline(one) {
  let node = {
    text: () => one.text, link: () => outward(one.url, one.text ?? one.url), emoji: () => emoji(`:${one.name}:`),
    user: () => h("span", { class: "mention" }, "@" + one.user_id), channel: () => h("span", { class: "mention" }, "#" + one.channel_id),
    broadcast: () => h("span", { class: "mention loud" }, "@" + one.range), date: () => dateText(new Date(one.timestamp * 1000), one.format),
  }[one.type]?.() ?? plain(one.fallback ?? "");
  for (const [style, tag] of [["bold", "b"], ["italic", "i"], ["strike", "s"], ["code", "code"]])
    if (one.style?.[style]) node = h(tag, {}, node);
  return node;
}
