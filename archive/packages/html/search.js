/* Searches all messages of the export. Words and texts lie in small scripts in find/ (archive/packages/html/find.py); only
   those a query needs are loaded. Nothing is kept, nothing leaves the page. */
(function () {
  "use strict";
  var holdfast = window.holdfast, SHOWN = 50, KEPT = 40;
  var table = null, conversations = [], pages = [], running = 0, waiting = {}, kept = { words: new Map(), texts: new Map() };
  var policy = window.trustedTypes ? trustedTypes.createPolicy("holdfast", { createScriptURL: beside }) : null;
  holdfast.asks = true;

  function beside(name) {
    if (!/^find\/(words|texts)-[0-9]{5,}\.js$/.test(name)) { throw new Error("not a file of the search"); }
    return name;
  }
  function one(id) { return document.getElementById(id); }
  function made(name, kind, text) {
    var element = document.createElement(name);
    if (kind) { element.className = kind; }
    if (text !== undefined) { element.textContent = text; }
    return element;
  }
  function counted(value, noun) { return value.toLocaleString("en-GB") + " " + noun + (value === 1 ? "" : "s"); }

  /* Files of the search, loaded as scripts. */
  holdfast.table = function (value) {
    table = value;
    conversations = table.conversations.map(function (pair) { return pair[0]; });
    pages = table.pages.map(function (pair) { return pair[0]; });
  };
  holdfast.words = function (number, lines) { 
    var words = new Map();
    lines.forEach(function (line) { words.set(line[0], numbers(line[1], words.get(line[0]))); });
    arrived("words", number, words);
  };
  holdfast.texts = function (number, lines) { arrived("texts", number, lines); };
  function arrived(kind, number, value) {
    var files = kept[kind];
    files.set(number, value);
    if (files.size > KEPT) { files.delete(files.keys().next().value); }
  }
  function load(kind, number) {
    var key = kind + number;
    if (kept[kind].has(number)) { return Promise.resolve(kept[kind].get(number)); }
    return waiting[key] = waiting[key] || new Promise(function (resolve, reject) {
      var name = "find/" + kind + "-" + String(number).padStart(5, "0") + ".js", script = made("script");
      function ended() {
        script.remove();
        delete waiting[key];
        if (kept[kind].has(number)) { resolve(kept[kind].get(number)); return; }
        reject(new Error("The file " + name + " of this reader is missing or damaged; what it says cannot be searched."));
      }
      script.onload = script.onerror = ended;
      script.src = policy ? policy.createScriptURL(name) : beside(name);
      document.head.append(script);
    });
  }
  function pause() { return new Promise(function (resolve) { setTimeout(resolve, 0); }); }

  /* Where among rising beginnings a value belongs: the last that is not beyond it; -1 before the first. */
  function place(begins, value) {
    var low = 0, high = begins.length;
    while (low < high) {
      var middle = (low + high) >> 1;
      if (begins[middle] <= value) { low = middle + 1; } else { high = middle; }
    }
    return low - 1;
  }
  /* The numbers of a word are written as steps in base 36, each block from nought; a long word has several. */
  function numbers(written, before) {
    var at = 0, found = before || [];
    written.split(",").forEach(function (step) { found.push(at += parseInt(step, 36)); });
    return found;
  }

  async function having(word, begins) {
    var number = 0, isFrom = word.indexOf("from:") === 0, all = [];
    while (number + 1 < table.words.length && table.words[number + 1] < word) { number += 1; }
    for (; number < table.words.length; number += 1) {
      if (table.words[number] > word && !(begins && table.words[number].indexOf(word) === 0)) { break; }
      var words = await load("words", number + 1);
      if (!begins) { all.push(words.get(word) || []); continue; }
      words.forEach(function (some, other) {
        if (other.indexOf(word) === 0 && (isFrom || other.indexOf("from:") !== 0)) { all.push(some); }
      });
    }
    return begins ? Array.from(new Set(all.flat())).sort(function (a, b) { return a - b; }) : all.flat();
  }
  function both(some, others) {
    var found = [], at = 0;
    some.forEach(function (value) {
      while (at < others.length && others[at] < value) { at += 1; }
      if (others[at] === value) { found.push(value); }
    });
    return found;
  }

  /* The words that together are in every message with the piece, and whether the message has to be looked at as well. */
  function sought(piece) {
    var atoms = piece.atoms, words = [];
    atoms.forEach(function (atom, at) {
      var isLast = at === atoms.length - 1, begins = isLast && piece.begins;
      if (piece.from) { words.push(["from:" + atom.text, begins]); return; }
      if (atom.glue === "" && !(piece.begins && at === atoms.length - 2)) { words.push([atom.text + atoms[at + 1].text, false]); return; }
      if (begins || at === 0 || atoms[at - 1].glue !== "") { words.push([atom.text, begins]); }
    });
    var isPair = atoms.length === 2 && atoms[0].glue === "" && !piece.begins;
    return { words: words, look: !piece.from && atoms.length > 1 && !isPair };
  }

  async function candidates(pieces) {
    var found = null;
    for (var piece of pieces) {
      for (var word of sought(piece).words) {
        var some = await having(word[0], word[1]);
        found = found === null ? some : both(found, some);
        if (found.length === 0) { return found; }
      }
    }
    return found || [];
  }
  async function record(number) {
    var file = place(table.texts, number);
    return (await load("texts", file + 1))[number - table.texts[file]];
  }
  async function checked(found, pieces, mine) {
    var exact = pieces.filter(function (piece) { return sought(piece).look; });
    if (exact.length === 0) { return found; }
    var kept = [], next = Date.now() + 30;
    for (var at = 0; at < found.length; at += 1) {
      var said = await record(found[at]), texts = said[3].concat(said[4]);
      if (exact.every(function (piece) { return texts.some(function (text) { return holdfast.spans(text, piece).length > 0; }); })) { kept.push(found[at]); }
      if (Date.now() > next) {
        one("count").textContent = "Looked at " + at.toLocaleString("en-GB") + " of " + counted(found.length, "message") + "…";
        await pause();
        if (mine !== running) { return []; }
        next = Date.now() + 30;
      }
    }
    return kept;
  }

  async function ask() {
    var mine = running += 1, parameters = new URLSearchParams(location.hash.slice(1));
    var query = parameters.get("q") || "", only = parameters.get("in"), pieces = holdfast.pieces(query);
    one("find").value = query;
    ["hits", "facets", "more"].forEach(function (id) { one(id).replaceChildren(); });
    document.title = (query ? query.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "") + " · " : "") + "Search · Holdfast export";
    if (pieces.length === 0) {
      one("count").textContent = query ? "There is no word in this to look for." : counted(table.messages, "message") + " can be searched. Write words into the field above.";
      return;
    }
    one("count").textContent = "Searching…";
    try {
      var found = await checked(await candidates(pieces), pieces, mine);
      if (mine !== running) { return; }
      var inside = only === null ? found : found.filter(function (number) { return conversation(number) === Number(only); });
      say(inside, found, query, only);
      facets(found, query, only);
      await more(inside, 0, pieces, query, mine);
    } catch (error) {
      one("count").textContent = error.message;
    }
  }
  function conversation(number) { return place(conversations, number); }
  function say(inside, found, query, only) {
    var line = one("count");
    line.replaceChildren(made("strong", "", counted(inside.length, "message")));
    line.append(only === null ? " of " + table.messages.toLocaleString("en-GB") : " in this conversation, of " + found.length.toLocaleString("en-GB") + " in all");
    if (inside.length === 0) { line.append(". No message of this export has all of these words."); }
  }
  function address(query, only) { return "#q=" + encodeURIComponent(query) + (only === null ? "" : "&in=" + only); }
  function facets(found, query, only) {
    var counts = new Map();
    found.forEach(function (number) { var at = conversation(number); counts.set(at, (counts.get(at) || 0) + 1); });
    if (counts.size < 2) { return; }
    var list = made("ul"), sorted = Array.from(counts).sort(function (a, b) { return b[1] - a[1] || a[0] - b[0]; });
    [[null, found.length]].concat(sorted.slice(0, 40)).forEach(function (pair) {
      var item = made("li"), link = made("a"), title = made("bdi");
      holdfast.show(title, pair[0] === null ? "All conversations" : table.conversations[pair[0]][1] || "conversation without a name", []);
      link.href = address(query, pair[0]);
      link.append(title);
      if (String(pair[0]) === String(only)) { link.setAttribute("aria-current", "true"); }
      item.append(link, made("span", "num", pair[1].toLocaleString("en-GB")));
      list.append(item);
    });
    one("facets").append(made("h2", "", "Conversations"), list);
    if (sorted.length > 40) { one("facets").append(made("p", "quiet", "and " + counted(sorted.length - 40, "other") + " with fewer")); }
  }

  async function more(found, from, pieces, query, mine) {
    var shown = document.createDocumentFragment();
    for (var at = from; at < Math.min(found.length, from + SHOWN); at += 1) { shown.append(hit(found[at], await record(found[at]), pieces, query)); }
    if (mine !== running) { return; }
    one("hits").append(shown);
    one("more").replaceChildren();
    if (at < found.length) {
      var button = made("button", "", "Show " + Math.min(SHOWN, found.length - at) + " more of " + (found.length - at).toLocaleString("en-GB"));
      button.type = "button";
      button.addEventListener("click", function () { more(found, at, pieces, query, mine); });
      one("more").append(button);
    }
  }
  function hit(number, said, pieces, query) {
    var item = made("li", "hit"), head = made("p", "hit-head"), link = made("a"), who = made("bdi"), title = made("bdi", "quiet");
    item.setAttribute("data-hit", "");
    link.setAttribute("data-open", "");
    link.href = table.pages[place(pages, number)][1] + "?q=" + encodeURIComponent(query) + "#m" + said[0];
    holdfast.show(who, said[2] || "unknown sender", []);
    holdfast.show(title, table.conversations[conversation(number)][1] || "conversation without a name", []);
    link.append(who);
    head.append(link, " ", title, " ", made("span", "hit-when", when(said[1])));
    item.append(head);
    words(item, said, pieces.filter(function (piece) { return !piece.from; }));
    if (said[5] !== "") { item.append(made("p", "hit-marks", said[5])); }
    return item;
  }
  /* The wording in which most of the pieces are, the newest first; then what else matched. */
  function words(item, said, pieces) {
    var best = 0, most = -1;
    said[3].forEach(function (text, at) {
      var here = pieces.filter(function (piece) { return holdfast.spans(text, piece).length > 0; }).length;
      if (here > most) { best = at; most = here; }
    });
    passage(item, "said", said[3][best] || "", pieces);
    if (best > 0) { item.append(made("p", "hit-marks", "in an earlier wording")); }
    said[4].forEach(function (text) {
      if (pieces.some(function (piece) { return holdfast.spans(text, piece).length > 0; })) { passage(item, "passage", text, pieces); }
    });
  }
  function passage(item, kind, text, pieces) {
    var atoms = holdfast.atoms(text), shown = made("p", kind);
    var spans = [].concat.apply([], pieces.map(function (piece) { return holdfast.among(atoms, piece); }));
    var first = spans.length ? Math.min.apply(null, spans.map(function (span) { return span[0]; })) : 0;
    var begin = Math.max(0, first - 120), end = Math.min(text.length, begin + 400);
    if (begin && /[\udc00-\udfff]/.test(text[begin])) { begin += 1; }
    if (begin) { shown.append("… "); }
    holdfast.show(shown, text.slice(begin, end), spans.filter(function (span) { return span[0] < end && span[1] > begin; }).map(function (span) {
      return [Math.max(0, span[0] - begin), Math.min(end, span[1]) - begin];
    }));
    if (end < text.length) { shown.append(" …"); }
    item.append(shown);
  }
  function when(at) {
    var form = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" };
    try { return new Intl.DateTimeFormat("en-GB", Object.assign({ timeZone: table.zone }, form)).format(at); }
    catch (unknown) { return new Intl.DateTimeFormat("en-GB", Object.assign({ timeZone: "UTC" }, form)).format(at); }
  }

  window.addEventListener("hashchange", ask);
  document.addEventListener("DOMContentLoaded", function () {
    if (table === null) { one("count").textContent = "The file find/table.js of this reader is missing or damaged; nothing can be searched."; return; }
    ask();
    if (!location.hash) { one("find").focus(); }
  });
})();
