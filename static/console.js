/* What moves in the console. Every page works without this file; it adds keys, copying and the reader's time zone.
   No evidence is kept in the browser: nothing here writes to storage, and htmx keeps no history of pages. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");

  var zone = "";
  try { zone = Intl.DateTimeFormat().resolvedOptions().timeZone || ""; } catch (ignored) { zone = ""; }
  if (/^[A-Za-z0-9_+\/-]{1,64}$/.test(zone)) {
    document.cookie = "timezone=" + zone + "; path=/; max-age=31536000; samesite=lax" + (location.protocol === "https:" ? "; secure" : "");
  }

  function typing(element) {
    return element && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));
  }
  function one(selector, within) { return (within || document).querySelector(selector); }
  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }

  var opener = null;
  function closeDrawer() {
    var drawer = one("#drawer");
    if (!drawer || !drawer.firstChild) { return false; }
    drawer.replaceChildren();
    if (opener && opener.isConnected) { opener.focus(); }
    return true;
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-copy]");
    if (button && navigator.clipboard) {
      navigator.clipboard.writeText(button.getAttribute("data-copy")).then(function () {
        button.setAttribute("data-copied", "");
        setTimeout(function () { button.removeAttribute("data-copied"); }, 1600);
      });
    }
    var hit = event.target.closest("[data-hit]");
    if (hit && !event.target.closest("a, input") && !String(getSelection())) { select(hits().indexOf(hit)); }
    if (event.target.closest("[data-reload]")) { location.reload(); return; }
    var closer = event.target.closest("[data-close-drawer]");
    if (closer) { event.preventDefault(); closeDrawer(); return; }
    all("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) { menu.removeAttribute("open"); }
    });
  });

  document.addEventListener("change", function (event) {
    var form = event.target.closest("form[data-send-on-change]");
    if (form) { form.requestSubmit(); }
  });

  var target = one(".column .message.is-target");
  if (target && !location.hash) { target.scrollIntoView({ block: "center" }); }

  /* Whose conversation this is stands beside it once its heading is out of sight. */
  var beside = one(".context");
  if (beside && window.IntersectionObserver) {
    new IntersectionObserver(function (seen) {
      beside.classList.toggle("is-needed", !seen[seen.length - 1].isIntersecting);
    }, { rootMargin: "-54px 0px 0px 0px" }).observe(one("main .head h1"));
  }

  /* The facets are shown beside the hits where there is room; a browser that cannot do so by style opens them here. */
  var facets = one("details.facets");
  if (facets && window.matchMedia("(min-width: 861px)").matches && !CSS.supports("selector(::details-content)")) { facets.open = true; }

  function newest(within) {
    all(".chart:not(.yearly)", within).forEach(function (chart) { chart.scrollLeft = chart.scrollWidth; });
  }
  newest();

  /* Keys: / to search, j and k through hits, enter to open, n and p to the next and previous
     hit from within a conversation, escape to close. */
  function hits() { return all("[data-hit]"); }
  function select(index) {
    var list = hits();
    if (!list.length) { return; }
    var at = Math.max(0, Math.min(index, list.length - 1));
    list.forEach(function (hit, number) {
      if (number === at) { hit.setAttribute("aria-current", "true"); } else { hit.removeAttribute("aria-current"); }
    });
    list[at].scrollIntoView({ block: "nearest" });
    var link = one("a[data-open]", list[at]);
    if (link) { link.focus({ preventScroll: true }); }
    preview(list[at].getAttribute("data-preview"));
  }

  /* A preview is a look, and looks are recorded: only a hit that is rested on is previewed, and only the last one. */
  var resting = 0;
  function preview(address) {
    var place = one("#preview");
    clearTimeout(resting);
    if (!address || !place || !window.htmx || !window.matchMedia("(min-width: 1181px)").matches) { return; }
    resting = setTimeout(function () {
      window.htmx.trigger(place, "htmx:abort");
      window.htmx.ajax("GET", address, { source: place, target: place, swap: "innerHTML" });
    }, 200);
  }
  function selected() {
    return hits().findIndex(function (hit) { return hit.getAttribute("aria-current") === "true"; });
  }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "Escape") {
      var menu = one("details.menu[open]");
      if (menu) { menu.removeAttribute("open"); one("summary", menu).focus(); return; }
      if (closeDrawer()) { return; }
      if (typing(event.target)) { event.target.blur(); }
      return;
    }
    if (typing(event.target) && !event.target.matches("input.choose")) { return; }
    if (event.key === "/") {
      var box = one("#find") || one("#q");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    } else if (event.key === "j" || event.key === "k") {
      if (hits().length) { event.preventDefault(); select(selected() + (event.key === "j" ? 1 : -1)); }
    } else if (event.key === "n" || event.key === "p") {
      var step = one(event.key === "n" ? "a[data-next-hit]" : "a[data-previous-hit]");
      if (step) { event.preventDefault(); step.click(); }
    } else if (event.key === "x" && selected() !== -1) {
      choose(hits()[selected()], false);
    } else if (event.key === "t" && one("#tag")) {
      event.preventDefault();
      if (!one(".choose:checked") && selected() !== -1) { choose(hits()[selected()], true); }
      open("#tag", "select, a");
    } else if (event.key === "s" && one("#save")) {
      event.preventDefault();
      open("#save", "input[name=name]");
    } else if (event.key === "Enter" && event.target === document.body) {
      var current = hits()[selected()];
      if (current) { one("a[data-open]", current).click(); }
    }
  });

  /* Work on an answer: x chooses a hit, t tags what is chosen, s saves the search. */
  function choose(hit, always) {
    var box = one(".choose", hit);
    if (box) { box.checked = always || !box.checked; }
  }
  function open(menu, first) {
    one(menu).setAttribute("open", "");
    var field = one(first, one(menu));
    if (field) { field.focus(); }
  }

  document.addEventListener("focusin", function (event) {
    var hit = event.target.closest && event.target.closest("[data-hit]");
    if (hit && hits().indexOf(hit) !== selected()) {
      hits().forEach(function (other) { other.removeAttribute("aria-current"); });
      hit.setAttribute("aria-current", "true");
    }
  });

  /* A drawer that arrives takes the focus; a page that could not be fetched is opened the ordinary way, so that its
     words (signed out, refused, broken) are read and not swallowed. */
  document.addEventListener("htmx:afterSwap", function (event) {
    newest();
    if (event.target.id === "preview") {
      var hit = one(".is-target", event.target);
      var frame = event.target.closest(".preview");
      if (hit && frame) {
        frame.scrollTop += hit.getBoundingClientRect().top - frame.getBoundingClientRect().top - frame.clientHeight / 3;
      }
    }
    if (event.target.id === "drawer") {
      opener = event.detail.requestConfig && event.detail.requestConfig.elt;
      var heading = one("h2[tabindex]", event.target);
      if (heading) { heading.focus(); }
    }
  });
  /* What is counted or fetched in the background loads its page anew when it is there, but never over what somebody has
     begun to fill in: then the page says that there is news, and asks again. */
  function isBegun(field) {
    if (field.type === "hidden") { return false; }
    if (field.type === "checkbox" || field.type === "radio") { return field.checked !== field.defaultChecked; }
    if (field.tagName !== "SELECT") { return field.value !== field.defaultValue; }
    var given = all("option", field).filter(function (option) { return option.defaultSelected; });
    return given.length ? given.some(function (option) { return !option.selected; }) : field.selectedIndex > 0;
  }
  document.addEventListener("htmx:beforeOnLoad", function (event) {
    if (event.detail.xhr.getResponseHeader("HX-Refresh") !== "true") { return; }
    if (all("main form[method=post] :is(input, textarea, select)").some(isBegun)) {
      event.preventDefault();
      one("#news").hidden = false;
    }
  });
  /* A passkey that did not come: the page says so in words, and ways that do not need one stand beside it. */
  document.addEventListener("allauth.error", function (event) {
    var says = one("[data-passkey-says]");
    if (says) { event.preventDefault(); says.hidden = false; }
  });
  document.addEventListener("htmx:responseError", function (event) {
    var source = event.detail.elt;
    if (source && source.tagName === "A") { location.assign(source.href); }
  });
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.xhr.responseURL.indexOf("/accounts/login/") !== -1) {
      event.detail.shouldSwap = false;
      location.reload();
    }
  });
})();
