// Runs once for the panel, with `element`, `props` and `server` from Gradio. It opens citations,
// wherever in the conversation they are, and puts the quoted sentence into view.
const panel = element.closest("#panel");
const CITATION = 'a[href^="#cite?"]';
const wide = window.matchMedia("(min-width: 861px)");
let opened = null;
let latest = 0;

function show(html) {
  props.value = html;
  panel.classList.add("open");
  // Gradio renders the new value after this turn; two frames later it is laid out.
  requestAnimationFrame(() => requestAnimationFrame(settle));
}

function settle() {
  const scroll = element.querySelector(".scroll");
  const quote = element.querySelector("#quoted");
  scroll.scrollTop = 0;
  if (quote) {
    // The header stays in place above the text; the sentence comes to a third of what is left.
    const head = element.querySelector("header").offsetHeight;
    const offset = quote.getBoundingClientRect().top - scroll.getBoundingClientRect().top;
    scroll.scrollTop = Math.max(0, offset - head - (scroll.clientHeight - head) / 3);
  }
  const target = quote || element.querySelector("h2") || scroll;
  target.focus({ preventScroll: true });
}

async function open(address, link) {
  const ticket = ++latest;
  opened?.removeAttribute("aria-current");
  opened = link;
  link?.setAttribute("aria-current", "true");
  let html;
  try {
    html = await server.open_source(address);
  } catch {
    html = '<p class="note problem">The article could not be opened: Citewell does not answer.</p>';
  }
  // A slow article must not replace the one that was clicked after it.
  if (ticket === latest) show(html);
}

function close() {
  panel.classList.remove("open");
  opened?.removeAttribute("aria-current");
  opened?.focus({ preventScroll: true });
}

function forget() {
  latest += 1;
  opened = null;
  props.value = "";
  panel.classList.remove("open");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(CITATION);
  if (link) {
    event.preventDefault();
    event.stopPropagation();
    open(link.getAttribute("href"), link);
  } else if (event.target.closest("#panel .close")) {
    close();
  } else if (event.target.closest("#new")) {
    forget();
  }
  // On a phone the focus would raise the keyboard over the answer.
  if (wide.matches && event.target.closest("#ask, #stop, #new")) {
    document.querySelector("#question textarea")?.focus();
  }
}, true);

// Gradio labels each message with its HTML source, where a screen reader should read the message
// itself, and takes our own labels away when it sanitises the message.
function relabel() {
  for (const message of document.querySelectorAll('#chat [data-testid][aria-label*="<"]')) {
    message.removeAttribute("aria-label");
  }
  for (const link of document.querySelectorAll("#chat a.cite:not([aria-label])")) {
    link.setAttribute("aria-label", link.title);
  }
}

// A new question goes to the top of the view and stays there while its answer grows, so that this
// is read from the beginning; whoever scrolls meanwhile is left alone.
let questions = 0;
let pinned = null;
let settled = 0;
function follow() {
  const asked = document.querySelectorAll('#chat [data-testid="user"]');
  if (asked.length > questions) pinned = asked[asked.length - 1];
  questions = asked.length;
  if (!pinned) return;
  pinned.scrollIntoView({ block: "start" });
  clearTimeout(settled);
  settled = setTimeout(() => { pinned = null; }, 1500);
}
for (const moved of ["wheel", "touchmove", "mousedown"]) {
  document.addEventListener(moved, () => { pinned = null; }, { passive: true });
}

new MutationObserver(() => {
  relabel();
  follow();
}).observe(document.body, {
  subtree: true, childList: true, attributeFilter: ["aria-label"],
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && panel.classList.contains("open")) close();
});

// A citation that was clicked before this script ran has only changed the address of the page.
if (location.hash.startsWith("#cite?")) {
  const address = location.hash;
  history.replaceState(null, "", location.pathname + location.search);
  const same = (link) => link.getAttribute("href") === address;
  open(address, [...document.querySelectorAll(CITATION)].find(same));
}
