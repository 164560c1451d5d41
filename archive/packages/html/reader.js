/* Keys on every page, and marks on a page that a search led to. Every page reads well without this file. */
(function () {
  "use strict";
  var holdfast = window.holdfast, root = document.documentElement, field = document.querySelector("#find");
  root.classList.add("js");

  function typing(element) { return element && /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName); }
  function hits() { return Array.prototype.slice.call(document.querySelectorAll("[data-hit]")); }

  document.querySelector("[data-find]").addEventListener("submit", function (event) {
    event.preventDefault();
    var hash = "#q=" + encodeURIComponent(field.value.trim());
    if (holdfast.asks) { location.hash = hash; } else { location.href = root.getAttribute("data-root") + "search.html" + hash; }
    field.blur();
  });

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (typing(event.target)) { return; }
    if (event.key === "/") { event.preventDefault(); field.focus(); field.select(); }
    if (event.key === "j" || event.key === "k") { event.preventDefault(); move(event.key === "j" ? 1 : -1); }
    if (event.key === "Enter" && event.target === document.body) {
      var link = document.querySelector("[data-hit][aria-current] a[data-open]");
      if (link) { link.click(); }
    }
  });

  function move(step) {
    var all = hits(), at = all.findIndex(function (one) { return one.hasAttribute("aria-current"); });
    var next = all[at === -1 ? (step > 0 ? 0 : all.length - 1) : at + step];
    if (!next) { return; }
    if (at !== -1) { all[at].removeAttribute("aria-current"); }
    next.setAttribute("aria-current", "true");
    next.scrollIntoView({ block: "center" });
    if (document.activeElement && document.activeElement !== document.body) { document.activeElement.blur(); }
  }

  /* What was searched for, marked where it stands, a few messages at a time. */
  var query = new URLSearchParams(location.search).get("q");
  var pieces = query ? holdfast.pieces(query).filter(function (piece) { return !piece.from; }) : [];
  if (query && !holdfast.asks) {
    field.value = query;
    var target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (target) { target.setAttribute("data-hit", ""); target.setAttribute("aria-current", "true"); }
    back(query);
    marking(Array.prototype.slice.call(document.querySelectorAll(".message")), 0);
  }
  function back(asked) {
    var line = document.createElement("p"), link = document.createElement("a");
    line.className = "steps";
    link.href = root.getAttribute("data-root") + "search.html#q=" + encodeURIComponent(asked);
    link.textContent = "Back to all answers";
    line.append(link, " Answers on this page are marked; j and k move between them.");
    document.querySelector("main h1").after(line);
  }
  function marking(messages, at) {
    var until = Date.now() + 12;
    while (at < messages.length && Date.now() < until) {
      messages[at].querySelectorAll(":scope > .body > .said, :scope > .body > .versions .said, :scope > .body > .forward .said, :scope > .body > .files .file-name").forEach(function (words) {
        mark(words, messages[at]);
      });
      at += 1;
    }
    if (at < messages.length) { setTimeout(marking, 0, messages, at); }
  }
  function mark(words, message) {
    var walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT), nodes = [];
    while (walker.nextNode()) { nodes.push(walker.currentNode); }
    nodes.forEach(function (node) {
      if (node.parentNode.className === "control") { return; }
      var atoms = holdfast.atoms(node.data);
      var spans = [].concat.apply([], pieces.map(function (piece) { return holdfast.among(atoms, piece); }));
      if (spans.length === 0) { return; }
      var shown = document.createDocumentFragment();
      holdfast.show(shown, node.data, spans);
      node.replaceWith(shown);
      message.setAttribute("data-hit", "");
    });
  }
})();
