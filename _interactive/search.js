// The search page. It looks for each word in the texts of the book, which come in one file with the
// first question. The best pages stand first: those that are called so, then those that say it.
(() => {
  const [field, results, status] = ["input", "#search-results", "#search-status"].map((name) =>
    document.querySelector(`.bd-search-container ${name}`),
  );
  let book;

  const escaped = (letter) => letter.replace(/[.*+?^${}()|[\]\\\/]/g, "\\$&");
  const folded = (text) => text.toLowerCase().replace(/[\s_-]+/g, "");

  // A long word, and one in another script, may stand with blanks or hyphens between its parts.
  // A Latin word begins where no letter stands before it; a short one also ends so, or in an ending.
  function pattern(word) {
    const letters = [...word].map(escaped);
    if (!isLatin(word)) return letters.join("[\\s-]?");
    const end = word.length < 4 ? "(?![a-z0-9])" : word.length < 7 ? "[a-z]{0,3}(?![a-z0-9])" : "";
    return `(?<![a-z0-9])${letters.join(word.length > 5 ? "[\\s-]?" : "")}${end}`;
  }

  const isLatin = (word) => /^[\x00-\x7f]/.test(word);
  const isSmall = (word) => new RegExp(`^(?:${book.small})$`).test(word);
  const isKnown = (word) => {
    const search = new RegExp(pattern(word), "i");
    return book.texts.some((text) => search.test(text));
  };

  // The words that count. Of a name in a library, torch.nn.L1Loss, the last part does.
  function wordsOf(query) {
    const all = query.split(/[\s,;:?!"“”()]+/).filter(Boolean);
    const names = all.map((word) => word.replace(/^(?:[a-z_]\w*\.)+(?=[a-z_])/i, ""));
    const meant = names.filter((word) => !isSmall(word.toLowerCase()));
    const words = (meant.length ? meant : names).flatMap((word) => {
      const stem = stemOf(word.toLowerCase());
      return isKnown(stem) ? [stem] : insteadOf(word);
    });
    return [...new Set(words)];
  }

  // A word without its ending, unless a page or a term is called by the whole word alone.
  function stemOf(word) {
    const stem = word.replace(new RegExp(book.endings), "");
    const short = stem.length < (/[\x00-\x7f]$/.test(word) ? 4 : 2);
    return short || (book.called.has(folded(word)) && !book.called.has(folded(stem))) ? word : stem;
  }

  // The book does not know this word: its parts may be known, or one that is nearly the same.
  function insteadOf(name) {
    const word = name.toLowerCase();
    const parts = name.split(/[_-]+|(?<=[a-z0-9])(?=[A-Z])/).map((part) => stemOf(part.toLowerCase()));
    if (parts.length > 1) {
      const known = parts.filter((part) => part.length > 1 && !isSmall(part) && isKnown(part));
      return known.length ? known : [word];
    }
    for (let k = word.length - 2; k > 1 && !isLatin(word); k--) {
      const pair = [word.slice(0, k), stemOf(word.slice(k))];
      if (pair.every(isKnown)) return pair;
    }
    const allowed = word.length > 6 ? 2 : word.length > 3 ? 1 : 0;
    const near = [...book.vocabulary].map((other) => [distance(word, other), other]).sort(([a], [b]) => a - b)[0];
    return near[0] <= allowed ? [near[1]] : [stemOf(word)];
  }

  // The number of letters to change, to add or to leave out between two words.
  function distance(a, b) {
    let last = [...Array(b.length + 1).keys()];
    for (let i = 1; i <= a.length; i++) {
      const row = [i];
      for (let j = 1; j <= b.length; j++)
        row[j] = Math.min(row[j - 1] + 1, last[j] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]));
      last = row;
    }
    return last[b.length];
  }

  const count = (text, search) => (text.match(search) ?? []).length;

  function search(query) {
    const words = wordsOf(query);
    const searches = words.map((word) => new RegExp(pattern(word), "gi"));
    const phrase = new RegExp(words.map(pattern).join("[\\s_-]*"), "i");
    const asked = new Set([folded(query), words.join("")].map(folded));
    // A longer name may be a part of the question: "which loss should I use".
    const isWithin = (name) =>
      words.includes(name) || (name.length > (isLatin(name) ? 6 : 3) && folded(query).includes(name));
    const all = book.pages.map(([address, title, weight, others, parts]) => {
      const places = parts.map(([id, heading, text], k) => {
        const found = searches.map((s) => count(text, s) + 20 * count(heading, s));
        const total = found.reduce((sum, n) => sum + Math.log1p(n) + 2 * (n > 0), 0);
        const whole = total && phrase.test(`${heading} ${text}`) ? 3 : 0;
        return { id, heading, text, total: total + whole + 9 * asked.has(folded(heading)), k };
      });
      const called = [title, ...others].join("\n");
      const headings = parts.map(([, heading]) => heading).join("\n");
      const length = parts.reduce((sum, [, , text]) => sum + text.length, 1);
      const values = searches.map((s) => {
        const n = parts.reduce((sum, [, , text]) => sum + count(text, s), 0);
        const often = n / (n + length / 4000);
        return 6 * (count(called, s) > 0) + 2 * (count(headings, s) > 0) + 3 * often;
      });
      const names = [title, ...others].map(folded);
      const own = names.some((name) => asked.has(name)) ? 20 : names.some(isWithin) ? 10 : 0;
      return { address, title, weight, places, values, own };
    });
    const rare = words.map((_, k) => {
      const pages = all.filter(({ values }) => values[k] > 0).length;
      return Math.log(1 + all.length / (1 + pages));
    });
    for (const page of all) {
      page.hits = page.values.filter(Boolean).length;
      page.score = page.values.reduce((sum, value, k) => sum + value * rare[k], 0);
      page.score *= (page.hits / words.length) ** 2;
      page.score = page.weight * (page.score + page.own);
    }
    const found = all.filter(({ hits }) => hits && 2 * hits >= words.length);
    return { searches, found: found.sort((a, b) => b.score - a.score) };
  }

  // A piece of the text round the first word that is found in it, and that word marked.
  function excerpt(text, searches) {
    const at = Math.min(...searches.map((s) => text.search(s)).filter((k) => k >= 0));
    let start = at < 90 || at === Infinity ? 0 : text.indexOf(" ", at - 70) + 1;
    const end = start + 190 < text.length ? text.lastIndexOf(" ", start + 190) : text.length;
    if (end <= start) start = 0;
    const box = document.createElement("span");
    const piece = text.slice(start, Math.max(end, start + 1));
    const either = new RegExp(searches.map((s) => s.source).join("|"), "gi");
    let last = 0;
    box.append(start ? "… " : "");
    for (const match of piece.matchAll(either)) {
      const mark = document.createElement("mark");
      mark.textContent = match[0];
      box.append(piece.slice(last, match.index), mark);
      last = match.index + match[0].length;
    }
    box.append(piece.slice(last), end < text.length ? " …" : "");
    return box;
  }

  // Of a page that is called so, its beginning says what it is about.
  function entry({ address, title, places, own }, searches) {
    const link = (href, words) => Object.assign(document.createElement("a"), { href, textContent: words });
    const item = document.createElement("li");
    item.append(link(address, title));
    const best = places.filter(({ total }) => total).sort((a, b) => b.total - a.total || a.k - b.k);
    const first = own ? [places[0], ...best.filter(({ k }) => k)] : best;
    for (const { id, heading, text, k } of first.slice(0, 2)) {
      const line = document.createElement("p");
      if (k) line.append(link(`${address}#${id}`, heading), " ");
      line.append(excerpt(text, searches));
      item.append(line);
    }
    return item;
  }

  function show() {
    const query = field.value.trim();
    history.replaceState(null, "", query ? `?q=${encodeURIComponent(query)}` : location.pathname);
    if (!query) {
      status.textContent = "";
      results.replaceChildren();
      return;
    }
    const { searches, found } = search(query);
    status.textContent = results.dataset[found.length ? "found" : "none"].replace("%s", found.length);
    results.replaceChildren(...found.map((page) => entry(page, searches)));
    document.documentElement.dataset.searched = query;
  }

  window.showSearch = (texts) => {
    book = texts;
    const names = book.pages.flatMap(([, title, , others, parts]) => [
      ...[title, ...others],
      ...parts.map(([, heading]) => heading),
    ]);
    book.called = new Set(names.map(folded));
    book.vocabulary = new Set(names.flatMap((name) => name.toLowerCase().split(/[^\p{L}\d]+/u)));
    book.texts = book.pages.map(([, title, , others, parts]) => [title, ...others, ...parts.flat()].join("\n"));
    show();
  };

  function ask() {
    if (book) show();
    else if (!document.querySelector("script[data-texts]")) {
      const script = document.createElement("script");
      script.dataset.texts = "";
      script.src = results.dataset.texts;
      document.head.append(script);
    }
  }

  field.value = new URLSearchParams(location.search).get("q") ?? "";
  field.focus();
  field.addEventListener("input", ask);
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  if (field.value) ask();
})();
