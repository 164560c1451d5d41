/* What a word is, and which are the same: the rules of archive/search/folding.py and analysis.py, whose words the files in
   find/ are made of. A test compares both over every character. Also what a query asks, and how text is shown inert. */
(function () {
  "use strict";
  var holdfast = window.holdfast = window.holdfast || {};

  var DROPPED = /[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08d3-\u08ff\ufe00-\ufe0f\u{e0100}-\u{e01ef}\u034f]/gu;
  var WITHOUT_LOOKS = /[\p{Cf}\u115f\u1160\u3164\uffa0\u17b4\u17b5\u180b-\u180f]/u;
  var SPELLED = {
    "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d",
    "ک": "ك", "ی": "ي", "ى": "ي", "’": "'", "ʼ": "'"
  };
  var UNSPACED = /[\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ecf\u0edc-\u0edf\u1000-\u103f\u1050-\u108f\u1780-\u17d3\u1100-\u11ff\ua960-\ua97f\uac00-\ud7ff\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{323af}]/u;
  var NOT_EMOJI = /[\u2400-\u243f\u2500-\u257f\ufffc\ufffd]/;
  var ATTACHES = /[\p{M}\u1160-\u11ff]/u;
  var DANGEROUS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb]/g;
  var LONGEST = 100;

  var folds = new Map();
  function folded(char) {
    var known = folds.get(char);
    if (known === undefined) { folds.set(char, known = fold(char)); }
    return known;
  }
  function fold(char) {
    if (WITHOUT_LOOKS.test(char)) { return ""; }
    var value = folding(char.normalize("NFKD")).normalize("NFKD").replace(DROPPED, "");
    return Array.from(value, function (one) { return digit(SPELLED[one] || one); }).join("").normalize("NFC");
  }
  /* Full case folding. Cherokee folds to its capitals, unlike everything else. */
  function folding(value) {
    return Array.from(value.toLowerCase().toUpperCase(), function (one) {
      var small = one === "Σ" ? "σ" : one.toLowerCase();
      var code = small.codePointAt(0);
      if (code >= 0xab70 && code <= 0xabbf) { return String.fromCodePoint(code - 0x97d0); }
      if (code >= 0x13f8 && code <= 0x13fd) { return String.fromCodePoint(code - 8); }
      return small;
    }).join("");
  }
  /* The digits of a script follow each other from nought: how far back they begin is the value. */
  function digit(char) {
    if (char >= "0" && char <= "9" || !/\p{Nd}/u.test(char)) { return char; }
    var code = char.codePointAt(0), begin = code;
    while (code - begin < 9 && /\p{Nd}/u.test(String.fromCodePoint(begin - 1))) { begin -= 1; }
    return String((code - begin) % 10);
  }

  function kind(char) {
    if (".\u005f@':".indexOf(char) >= 0) { return char; }
    if (UNSPACED.test(char)) { return "c"; }
    if (/[\p{L}\p{N}\p{M}]/u.test(char)) { return "w"; }
    return /[\p{So}\u{1f3fb}-\u{1f3ff}]/u.test(char) && !NOT_EMOJI.test(char) ? "e" : " ";
  }

  /* Folded characters, each with the span of the text it came from. */
  function spelled(text) {
    var found = [], at = 0;
    for (var char of text) {
      var end = at + char.length, value = folded(char);
      if (value === "" && found.length) { found[found.length - 1].end = end; }
      for (var one of value) { found.push({ char: one, start: at, end: end }); }
      at = end;
    }
    var joined = found.map(function (one) { return one.char; }).join("");
    return joined.normalize("NFC") === joined ? found : composed(found);
  }
  function composed(found) {
    var made = [];
    for (var first = 0; first < found.length;) {
      var last = first + 1;
      while (last < found.length && ATTACHES.test(found[last].char)) { last += 1; }
      var group = found.slice(first, last).map(function (one) { return one.char; }).join("").normalize("NFC");
      for (var char of group) { made.push({ char: char, start: found[first].start, end: found[last - 1].end }); }
      first = last;
    }
    return made;
  }

  /* The smallest things that can be found: text, span, and what glues each to the next (null: nothing does). */
  holdfast.atoms = function (text) {
    var chars = spelled(text), kinds = chars.map(function (one) { return kind(one.char); });
    var found = [], begin = 0;
    while (begin < chars.length) {
      var of = kinds[begin], end = begin + 1;
      if (of !== "c" && of !== "e" && of !== "w") { begin += 1; continue; }
      while (of === "w" && end < chars.length && kinds[end] === "w" && end - begin < LONGEST) { end += 1; }
      var before = found[found.length - 1];
      if (before) { before.glue = glue(kinds, before, begin); }
      found.push({
        text: chars.slice(begin, end).map(function (one) { return one.char; }).join(""),
        start: chars[begin].start, end: chars[end - 1].end, glue: null, first: begin, last: end
      });
      begin = end;
    }
    return found;
  };
  function glue(kinds, before, after) {
    if (after === before.last) { return kinds[before.first] === "c" && kinds[after] === "c" ? "" : null; }
    var between = kinds[before.last];
    var joins = after === before.last + 1 && between.length === 1 && ".\u005f@':".indexOf(between) >= 0;
    return joins && kinds[before.first] !== "e" && kinds[after] !== "e" ? between : null;
  }

  /* A query: pieces that must all be found. `atoms` follow each other; the last may be the beginning of a word. */
  holdfast.pieces = function (query) {
    var found = [], cut = /(from:)?(?:["“”„]([^"“”„]*)["“”„]?|([^\s"“”„]+))/gi, match;
    while ((match = cut.exec(query)) !== null) {
      var text = match[2] !== undefined ? match[2] : match[3];
      var begins = match[3] !== undefined && /\*$/.test(text);
      var atoms = holdfast.atoms(text);
      if (atoms.length) { found.push({ from: !!match[1], begins: begins, atoms: atoms, text: match[0] }); }
    }
    return found;
  };

  /* Where a piece stands in a text: spans of character offsets. */
  holdfast.spans = function (text, piece) {
    return holdfast.among(holdfast.atoms(text), piece);
  };
  holdfast.among = function (atoms, piece) {
    var asked = piece.atoms, found = [];
    for (var at = 0; at + asked.length <= atoms.length; at += 1) {
      var fits = asked.every(function (one, step) {
        var other = atoms[at + step], isLast = step === asked.length - 1;
        var same = isLast && piece.begins ? other.text.indexOf(one.text) === 0 : other.text === one.text;
        return same && (isLast || one.glue === null || one.glue === other.glue);
      });
      if (fits) { found.push([atoms[at].start, atoms[at + asked.length - 1].end]); }
    }
    return found;
  };

  /* Text of strangers into an element: spans marked, characters that turn or hide writing shown as their code point. */
  holdfast.show = function (parent, text, spans) {
    var at = 0;
    merged(spans).forEach(function (span) {
      plain(parent, text.slice(at, span[0]));
      plain(parent.appendChild(document.createElement("mark")), text.slice(span[0], span[1]));
      at = span[1];
    });
    plain(parent, text.slice(at));
  };
  function plain(parent, text) {
    var at = 0, match;
    DANGEROUS.lastIndex = 0;
    while ((match = DANGEROUS.exec(text)) !== null) {
      parent.append(text.slice(at, match.index));
      var sign = parent.appendChild(document.createElement("span"));
      sign.className = "control";
      sign.textContent = "[U+" + ("000" + match[0].codePointAt(0).toString(16).toUpperCase()).slice(-4) + "]";
      at = match.index + 1;
    }
    if (at < text.length) { parent.append(text.slice(at)); }
  }
  function merged(spans) {
    var sorted = spans.slice().sort(function (a, b) { return a[0] - b[0] || b[1] - a[1]; }), found = [];
    sorted.forEach(function (span) {
      var last = found[found.length - 1];
      if (last && span[0] <= last[1]) { last[1] = Math.max(last[1], span[1]); } else { found.push(span.slice()); }
    });
    return found;
  }
})();
