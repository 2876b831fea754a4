// What the theme leaves out for readers without a mouse or without sight.
document.addEventListener("DOMContentLoaded", () => {
  const sidebar = document.querySelector(".bd-sidebar-primary");
  if (sidebar) {
    sidebar.setAttribute("role", "region");
    sidebar.setAttribute("aria-label", document.querySelector(".logo__title")?.textContent ?? "");
  }

  // The arrow beside a chapter opens its list of pages: it takes the chapter's name.
  for (const summary of document.querySelectorAll("details > summary")) {
    const link = summary.closest("li")?.querySelector(":scope > a");
    if (link && !summary.textContent.trim()) summary.setAttribute("aria-label", link.textContent.trim());
  }

  // What scrolls within itself can be reached with the keyboard, and only while it scrolls. The browser
  // tells of a box once it has laid it out, which is late for what is far below, and on every change.
  const wide =
    ".math-scroll, .loss-card, .loss-overview, .pst-scrollable-table-container, div.cell_output pre, div.highlight pre";
  const laidOut = new Set();
  const reach = (boxes) => {
    // All are measured before any is changed: after a change a browser lays out the page once more.
    const scrolls = boxes.map((box) => box.scrollWidth > box.clientWidth);
    boxes.forEach((box, k) => {
      box.tabIndex = scrolls[k] ? 0 : -1;
      laidOut.add(box);
    });
  };
  const sizes = new ResizeObserver((changed) => reach(changed.map(({ target }) => target)));
  const watch = (part) => {
    for (const box of part.querySelectorAll(wide)) sizes.observe(box);
  };
  watch(document);
  document.fonts.ready.then(() => reach([...laidOut]));
  // Cells that run show new boxes.
  const added = new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const part of addedNodes) if (part.nodeType === Node.ELEMENT_NODE) watch(part);
  });
  const text = document.querySelector("article");
  if (text) added.observe(text, { childList: true, subtree: true });

  // The menu of downloads opens with a click and closes with Escape, a choice or a click elsewhere.
  for (const button of document.querySelectorAll("[data-bs-toggle=dropdown]")) {
    const menu = button.nextElementSibling;
    const open = (whether) => {
      menu.classList.toggle("show", whether);
      button.setAttribute("aria-expanded", whether);
    };
    button.addEventListener("click", () => open(!menu.classList.contains("show")));
    document.addEventListener("click", (event) => {
      if (!button.contains(event.target)) open(false);
    });
    button.parentElement.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      open(false);
      button.focus();
    });
  }

  // The button for the colors says which ones are shown now.
  const colors = document.querySelector(".theme-switch-button");
  if (colors) {
    const name = colors.getAttribute("aria-label");
    const say = () => {
      const mode = document.documentElement.dataset.mode;
      const now = colors.querySelector(`[data-mode=${mode}]`);
      const words = now ? `${name}: ${now.title || now.dataset.name}` : name;
      if (now?.title) now.dataset.name = now.title;
      now?.removeAttribute("title");
      colors.setAttribute("aria-label", words);
      colors.title = words;
    };
    say();
    new MutationObserver(say).observe(document.documentElement, { attributeFilter: ["data-mode"] });
  }

  // Another language, the same place: headings, formulas, figures and exercises have the same ids.
  const places = "section[id], .math-block[id], figure[id], .exercise[id], .solution[id], dt[id]";
  for (const link of document.querySelectorAll(".edition-switch a")) {
    link.addEventListener("click", () => {
      const passed = [...document.querySelectorAll(`article :is(${places})`)].filter(
        (place) => place.getClientRects().length && place.getBoundingClientRect().top < 100,
      );
      link.hash = scrollY > 0 && passed.length > 1 ? passed.at(-1).id : "";
    });
  }

  // On a phone a card of two losses is one column, and so is a loss of a long table: each value says what it is.
  for (const cell of document.querySelectorAll(":is(.two-losses, .sorted) td:not(:first-child)")) {
    cell.dataset.head = cell.closest("table").tHead.rows[0].cells[cell.cellIndex].textContent.trim();
  }

  // Roles that the bibliography carries and that ARIA has since withdrawn.
  for (const entry of document.querySelectorAll(".citation, .citation-list, .citation [role]")) {
    entry.removeAttribute("role");
  }
});

// A table of losses sorts by a column and shows the rows that hold some words. Its words come with it.
document.addEventListener("DOMContentLoaded", () => {
  for (const box of document.querySelectorAll(".loss-overview.sorted")) {
    const rows = [...box.querySelectorAll("tbody tr")];
    const body = rows[0].parentElement;
    const words = (cell) => (cell.querySelector("annotation") ?? cell).textContent.trim();
    box.querySelectorAll("thead th").forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...(head.querySelector("p") ?? head).childNodes);
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const upward = head.getAttribute("aria-sort") !== "ascending";
        for (const other of box.querySelectorAll("th")) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", upward ? "ascending" : "descending");
        const sorted = [...rows].sort((a, b) =>
          words(a.cells[column]).localeCompare(words(b.cells[column]), document.documentElement.lang),
        );
        body.append(...(upward ? sorted : sorted.reverse()));
      });
    });
    const field = document.createElement("input");
    field.type = "search";
    field.className = "table-filter form-control";
    field.placeholder = document.querySelector("[data-filter]").dataset.filter;
    field.setAttribute("aria-label", field.placeholder);
    field.addEventListener("input", () => {
      const asked = field.value.toLowerCase().split(/\s+/);
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !asked.every((word) => text.includes(word));
      }
    });
    box.before(field);
  }
});

// What a term, a citation or an equation says stands beside its link: while a mouse points at it,
// while it has the focus, or after a first tap. A second tap follows the link, Escape closes.
document.addEventListener("DOMContentLoaded", () => {
  const texts = JSON.parse(document.querySelector("#previews")?.textContent ?? "{}");
  const card = document.createElement("div");
  card.id = "preview";
  card.setAttribute("role", "tooltip");
  card.hidden = true;
  let shown;

  const contentOf = (link) => {
    const id = decodeURIComponent(link.hash.slice(1));
    if (texts[id] && link.pathname !== location.pathname) {
      const said = document.createElement("p");
      said.innerHTML = texts[id];
      return said;
    }
    const here = link.pathname === location.pathname && document.getElementById(id);
    return here && here.matches(".math-block") && here.querySelector(".katex-display").cloneNode(true);
  };
  const close = () => {
    card.hidden = true;
    shown?.removeAttribute("aria-describedby");
    shown = undefined;
  };
  const open = (link) => {
    const content = contentOf(link);
    if (!content || link === shown) return;
    close();
    card.replaceChildren(content);
    card.hidden = false;
    const [place, size] = [link.getClientRects()[0], card.getBoundingClientRect()];
    const left = Math.min(place.left, document.documentElement.clientWidth - size.width - 12);
    const below = place.bottom + 6 + size.height < innerHeight;
    card.style.left = `${Math.max(12, left) + scrollX}px`;
    card.style.top = `${(below ? place.bottom + 6 : place.top - size.height - 6) + scrollY}px`;
    link.setAttribute("aria-describedby", card.id);
    shown = link;
  };

  const article = document.querySelector("article");
  if (!article) return;
  document.body.append(card);
  const linkOf = (event) => event.target.closest?.("article a[href*='#']:not(.headerlink, .eqno)");
  let wait;
  article.addEventListener("pointerover", (event) => {
    clearTimeout(wait);
    const link = event.pointerType === "mouse" && linkOf(event);
    if (link) wait = setTimeout(open, 150, link);
  });
  article.addEventListener("pointerout", (event) => {
    clearTimeout(wait);
    if (event.pointerType === "mouse" && !card.contains(event.relatedTarget)) wait = setTimeout(close, 200);
  });
  card.addEventListener("pointerenter", () => clearTimeout(wait));
  card.addEventListener("pointerleave", close);
  article.addEventListener("focusin", (event) => {
    if (event.target.matches(":focus-visible") && linkOf(event)) open(linkOf(event));
  });
  article.addEventListener("focusout", close);
  article.addEventListener("click", (event) => {
    const link = event.pointerType === "touch" && linkOf(event);
    if (!link || link === shown || !contentOf(link)) return;
    event.preventDefault();
    open(link);
  });
  document.addEventListener("pointerdown", (event) => {
    if (shown && !shown.contains(event.target) && !card.contains(event.target)) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
});

// A figure that the page has made smaller than it was drawn opens in its own size, on the page; the link
// beside it leads to the drawing where this script does not run.
document.addEventListener("DOMContentLoaded", () => {
  const article = document.querySelector("article");
  if (!article) return;
  const dialog = document.createElement("dialog");
  dialog.className = "enlarged";
  const close = document.createElement("button");
  Object.assign(close, { type: "button", textContent: document.querySelector("[data-close]").dataset.close });
  close.addEventListener("click", () => dialog.close());
  article.append(dialog);
  article.addEventListener("click", (event) => {
    const figure = event.target.closest("img, .enlarge")?.parentElement;
    const link = figure?.querySelector(":scope > .enlarge");
    if (!link?.offsetParent || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const image = figure.querySelector(":scope > img").cloneNode();
    image.removeAttribute("loading");
    dialog.replaceChildren(close, image);
    dialog.setAttribute("aria-label", image.alt);
    link.focus(); // who closes the figure is back at it
    dialog.showModal();
    history.pushState({ enlarged: true }, ""); // the way back leads to the page, not to the one before
  });
  addEventListener("popstate", () => dialog.close());
  dialog.addEventListener("close", () => {
    if (history.state?.enlarged) history.back();
  });
});

// Paper is white, and nothing on it opens with a click. Without this script no page is dark.
addEventListener("beforeprint", () => {
  const page = document.documentElement;
  const { theme } = page.dataset;
  const closed = document.querySelectorAll("article details:not([open])");
  const open = (whether) => {
    for (const details of closed) details.open = whether;
  };
  page.dataset.theme = "light";
  open(true);
  addEventListener(
    "afterprint",
    () => {
      page.dataset.theme = theme;
      open(false);
    },
    { once: true },
  );
});
